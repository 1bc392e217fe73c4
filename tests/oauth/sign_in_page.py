"""The sign-in page, as a browser without JavaScript goes through it."""

from urllib.parse import urlsplit

from tests.visiting import LOGIN, PASSWORD, Answer, Visitor


async def page_of(visitor: Visitor, answer: Answer) -> Answer:
    """The sign-in page that /authorize sent the browser to."""
    where = urlsplit(answer.location)
    assert f"{where.scheme}://{where.netloc}" == visitor.org.url
    assert where.path == "/login/login.htm"
    return await visitor.ask("GET", answer.location)


async def submitted(
    visitor: Visitor, page: Answer, login: str = LOGIN, password: str = PASSWORD
) -> Answer:
    """What comes of filling in the page's form as a browser without JavaScript does."""
    form = page.form
    fields = {**form.fields, "username": login, "password": password}
    return await visitor.ask(form.method.upper(), form.action, data=fields)


async def signed_in(visitor: Visitor, answer: Answer, login: str = LOGIN) -> Answer:
    """What the client gets after the user went through the sign-in page."""
    after = await submitted(visitor, await page_of(visitor, answer), login)
    return await visitor.ask("GET", after.location)

"""A link that another browser opens asks there whether it was the user, where the org has it so."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.idx.following import Document, Following
from tests.idx.recovering import ANY_FACTOR, CALLERS, EMAIL, HIDDEN, LINK_ASKS, Recovering
from tests.visiting import LOGIN, PASSWORD, SPA, USER_ID, Visitor, claims_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
RETURN, DENIED = ["idx.return.to.original.tab"], ["idx.operation.cancelled.on.other.device"]
CANCELLED, STALE = ["idx.operation.cancelled.by.user"], ["idx.return.stale"]


@pytest.fixture
async def elsewhere(a_visitor: Callable[[], Visitor]) -> Following:
    """Somebody in another browser."""
    return Following(a_visitor())


async def _settings(recovering: Recovering) -> None:
    body = {"authenticators": [LINK_ASKS]}
    answer = await recovering.visitor.ask("PUT", "/_mock/seed", json=body)
    assert answer.status == 200, answer.text


async def _waiting(recovering: Recovering) -> Document:
    """Wait for the link of a sign-in that needs nothing else."""
    recovering.visitor.http.headers["User-Agent"] = FIREFOX
    await _settings(recovering)
    await recovering.seed(EMAIL, rule=ANY_FACTOR)
    await recovering.begin()
    await recovering.take("identify", identifier=LOGIN)
    await recovering.choose("okta_email")
    return await recovering.by("email")


async def _asked(recovering: Recovering, elsewhere: Following) -> Document:
    """Open the link in the other browser."""
    elsewhere.seen.append(await recovering.open(await recovering.link(), elsewhere.visitor))
    return elsewhere.document


async def test_another_browser_asks_and_says_who_waits(
    recovering: Recovering, elsewhere: Following
) -> None:
    await _waiting(recovering)
    asked = await _asked(recovering, elsewhere)
    assert (asked.names, asked.body["intent"]) == (["email-challenge-consent"], "CONSENT")
    form = asked.form("email-challenge-consent")
    assert [(each["name"], each["value"]) for each in form["requestInfo"]] == [
        ("appName", "SPA"),
        ("browser", "FIREFOX"),
    ]
    assert asked.field("email-challenge-consent", "consent")["options"] == [
        {"label": "Allow", "value": True},
        {"label": "Deny", "value": False},
    ]
    assert "cancel" not in asked.body
    assert asked.body["user"]["value"] == {"id": USER_ID, "identifier": LOGIN}
    assert asked.body["app"]["value"]["id"] == SPA


async def test_a_user_who_allows_it_goes_on_where_they_began(
    recovering: Recovering, elsewhere: Following
) -> None:
    await _waiting(recovering)
    await _asked(recovering, elsewhere)
    told = await elsewhere.take("email-challenge-consent", consent=True)
    assert (told.status, told.names, told.keys) == (200, [], RETURN)
    assert told.body["intent"] == "CONSENT"
    assert "successWithInteractionCode" not in told.body
    await recovering.take("poll")
    claims = claims_of((await recovering.tokens())["id_token"])
    assert (claims["sub"], claims["amr"]) == (USER_ID, ["email"])
    assert await elsewhere.visitor.session_id() is None


async def test_a_user_who_denies_it_ends_the_sign_in(
    recovering: Recovering, elsewhere: Following
) -> None:
    await _waiting(recovering)
    code = await recovering.passcode()
    await _asked(recovering, elsewhere)
    denied = await elsewhere.take("email-challenge-consent", consent=False)
    assert (denied.status, denied.names, denied.keys) == (200, [], DENIED)
    handle = {"stateHandle": recovering.document.body["stateHandle"]}
    ended = await recovering.take("poll")
    assert (ended.names, ended.keys, ended.body["intent"]) == ([], CANCELLED, "LOGIN")
    late = await recovering.post(
        "/idp/idx/challenge/answer", handle | {"credentials": {"passcode": code}}
    )
    assert (late.status, "successWithInteractionCode" in late.body) == (400, False)
    assert (await recovering.take("cancel")).screen == "identify"


async def test_a_user_who_goes_back_is_asked_again_and_nothing_has_happened(
    recovering: Recovering, elsewhere: Following
) -> None:
    waiting = await _waiting(recovering)
    asked = await _asked(recovering, elsewhere)
    again = await elsewhere.introspect(stateHandle=asked.body["stateHandle"])
    assert again.names == asked.names
    assert (await recovering.take("poll")).names == waiting.names
    await _asked(recovering, elsewhere)
    assert (await elsewhere.take("email-challenge-consent", consent=True)).keys == RETURN


async def test_no_answer_is_none(recovering: Recovering, elsewhere: Following) -> None:
    waiting = await _waiting(recovering)
    asked = await _asked(recovering, elsewhere)
    refused = await elsewhere.take("email-challenge-consent")
    assert (refused.status, refused.names) == (400, asked.names)
    assert refused.keys == ["registration.error.required"]
    assert (await recovering.take("poll")).names == waiting.names


async def test_an_answer_counts_once(recovering: Recovering, elsewhere: Following) -> None:
    await _waiting(recovering)
    asked = await _asked(recovering, elsewhere)
    await elsewhere.take("email-challenge-consent", consent=True)
    elsewhere.seen.append(asked)
    again = await elsewhere.take("email-challenge-consent", consent=False)
    assert (again.status, again.names) == (400, [])
    assert (await recovering.take("poll")).interaction_code


@pytest.mark.parametrize("answer", [{"consent": True}, {"consent": False}])
async def test_an_answer_that_comes_too_late_changes_nothing(
    recovering: Recovering, elsewhere: Following, answer: dict[str, bool]
) -> None:
    await _waiting(recovering)
    await _asked(recovering, elsewhere)
    assert (await recovering.prove()).interaction_code
    told = await elsewhere.take("email-challenge-consent", **answer)
    assert told.keys == STALE
    assert (await recovering.introspect(stateHandle=told.body["stateHandle"])).keys == STALE
    assert (await recovering.tokens(recovering.seen[-2]))["id_token"]


async def test_a_link_expires_while_it_asks(
    recovering: Recovering, elsewhere: Following, org: MockOkta
) -> None:
    waiting = await _waiting(recovering)
    await _asked(recovering, elsewhere)
    org.clock.advance(timedelta(minutes=5) - timedelta(seconds=1))
    await _asked(recovering, elsewhere)
    org.clock.advance(timedelta(seconds=1))
    told = await elsewhere.take("email-challenge-consent", consent=True)
    assert told.keys == ["idx.return.link.expired"]
    assert (await recovering.take("poll")).names == waiting.names


async def test_the_browser_that_signs_in_is_not_asked(recovering: Recovering) -> None:
    waiting = await _waiting(recovering)
    assert (await recovering.open(await recovering.link())).keys == RETURN
    recovering.seen.append(waiting)
    assert (await recovering.take("poll")).interaction_code


async def test_the_question_leads_nowhere_else(
    recovering: Recovering, elsewhere: Following
) -> None:
    await _waiting(recovering)
    asked = await _asked(recovering, elsewhere)
    handle = {"stateHandle": asked.body["stateHandle"]}
    body = {"identifier": LOGIN, "credentials": {"passcode": PASSWORD}}
    for path in ("identify", "cancel", "recover", "challenge/answer", "unlock-account"):
        document = await elsewhere.post(f"/idp/idx/{path}", handle | body)
        assert (document.status, document.names) == (400, asked.names), path


async def test_an_account_is_unlocked_by_consent(
    recovering: Recovering, elsewhere: Following
) -> None:
    await _settings(recovering)
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    await recovering.unlock()
    await _asked(recovering, elsewhere)
    assert (await elsewhere.take("email-challenge-consent", consent=True)).keys == RETURN
    assert await recovering.status() == "ACTIVE"


async def test_of_many_answers_at_once_one_counts(many: Recovering) -> None:
    await _waiting(many)
    waiting = many.document
    many.visitor.http.cookie_jar.clear()
    many.seen.append(await many.open(await many.link()))
    asked = many.document
    assert asked.screen == "email-challenge-consent"
    answers = await many.at_once(*[("consent", {"consent": True})] * CALLERS)
    said = [each.keys for each in answers]
    assert said.count(RETURN) == 1
    many.seen.append(waiting)
    assert (await many.take("poll")).interaction_code
    assert len({tuple(each) for each in said}) == 2

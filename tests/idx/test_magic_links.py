"""The link of an e-mail: in the browser that signs in, in another one, in the app's own page."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from mock_okta import Config, MockOkta
from mock_okta.idx.user_agents import browser_of, system_of
from tests.idx.conftest import identity
from tests.idx.following import Document, Following
from tests.idx.recovering import (
    ANSWER,
    ANY_FACTOR,
    ASKS,
    CALLERS,
    EMAIL,
    HIDDEN,
    QUESTION,
    Recovering,
)
from tests.visiting import LOGIN, PASSWORD, SPA, USER_ID, Visitor, claims_of

Waits: TypeAlias = Callable[[Recovering], Awaitable[None]]
LINUX = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 "
    "Safari/537.36"
)
WINDOWS = LINUX.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64") + " Edg/131.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
NEW = "new@example.com"
CALLBACK = "http://localhost:3000/email?from=okta"
RETURN, ENTER = ["idx.return.to.original.tab"], ["idx.enter.otp.in.original.tab"]
EXPIRED, STALE = ["idx.return.link.expired"], ["idx.return.stale"]
FAILED = ["idx.return.error"]
ALONE = ["version", "stateHandle", "expiresAt", "intent", "messages"]


async def _signing_in(recovering: Recovering) -> None:
    """Wait for the link of a sign-in that needs nothing else."""
    await recovering.seed(EMAIL, rule=ANY_FACTOR)
    await recovering.begin()
    await recovering.take("identify", identifier=LOGIN)
    await recovering.choose("okta_email")
    await recovering.by("email")


async def _recovering(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.forget()
    await recovering.by("email")


async def _unlocking(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    await recovering.unlock()


async def _registering(recovering: Recovering) -> None:
    policies = {"registration": {"activation_email": True}}
    await recovering.visitor.ask("PUT", "/_mock/seed", json=policies)
    await recovering.begin()
    await recovering.take("select-enroll-profile")
    profile = {"firstName": "New", "lastName": "User", "email": NEW}
    await recovering.take("enroll-profile", userProfile=profile, credentials={"passcode": PASSWORD})


async def _enrolling(recovering: Recovering) -> None:
    await recovering.seed()
    policies = {"enrollment_policies": [{"required": ["okta_email"]}]}
    await recovering.visitor.ask("PUT", "/_mock/seed", json=policies)
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    await recovering.choose("okta_email")


INTENTS = {
    _signing_in: "AUTHENTICATION",
    _recovering: "RECOVERY",
    _unlocking: "UNLOCK_ACCOUNT",
    _registering: "ENROLLMENT",
    _enrolling: "AUTHENTICATION",
}
WAITING = pytest.mark.parametrize(
    "waits", INTENTS, ids=["signs in", "recovers", "unlocks", "registers", "enrols"]
)


def _is_through(document: Document) -> bool:
    """Whether the document is of somebody who proved their address, in any of these flows."""
    ends = "successWithInteractionCode" in document.body
    resets = document.names[:1] == ["reset-authenticator"]
    return ends or resets or document.keys == ["oie.selfservice.unlock_user.success.message"]


@WAITING
async def test_in_the_same_browser_the_waiting_tab_goes_on_by_itself(
    recovering: Recovering, waits: Waits
) -> None:
    await waits(recovering)
    waiting = recovering.document
    poll = waiting.form("poll")
    assert (poll["href"].rpartition("/idp/idx/")[2], poll["refresh"]) == ("challenge/poll", 4000)
    assert (await recovering.take("poll")).names == waiting.names
    shown = await recovering.open(await recovering.link())
    assert (shown.status, shown.keys, shown.names) == (200, RETURN, [])
    assert list(shown.body) == [*ALONE, "user"]
    recovering.seen.append(waiting)
    document = await recovering.take("poll")
    assert _is_through(document)


async def test_a_sign_in_by_link_alone_ends_in_tokens(recovering: Recovering) -> None:
    await _signing_in(recovering)
    waiting = recovering.document
    await recovering.open(await recovering.link())
    recovering.seen.append(waiting)
    await recovering.take("poll")
    claims = claims_of((await recovering.tokens())["id_token"])
    assert (claims["sub"], claims["amr"]) == (USER_ID, ["email"])


async def test_a_recovery_by_link_ends_in_tokens(recovering: Recovering) -> None:
    await _recovering(recovering)
    waiting = recovering.document
    await recovering.open(await recovering.link())
    recovering.seen.append(waiting)
    await recovering.take("poll")
    await recovering.set_password()
    assert claims_of((await recovering.tokens())["id_token"])["amr"] == ["pwd"]


async def test_a_registration_by_link_ends_in_tokens(recovering: Recovering) -> None:
    await _registering(recovering)
    waiting = recovering.document
    assert waiting.current["contextualData"] == {"useEmailMagicLink": True}
    assert await recovering.status(NEW) == "PROVISIONED"
    await recovering.open(await recovering.link())
    assert await recovering.status(NEW) == "ACTIVE"
    recovering.seen.append(waiting)
    await recovering.take("poll")
    assert (await recovering.tokens())["id_token"]


async def test_an_address_is_enrolled_by_link(recovering: Recovering) -> None:
    await _enrolling(recovering)
    await recovering.open(await recovering.link())
    users = (await recovering.visitor.ask("GET", "/_mock/org")).json()["users"]
    (user,) = [each for each in users if each["login"] == LOGIN]
    assert [each["factor"] for each in user["factors"]] == ["okta_email"]


async def test_an_unlock_by_link_unlocks(recovering: Recovering) -> None:
    await _unlocking(recovering)
    await recovering.open(await recovering.link())
    assert await recovering.status() == "ACTIVE"


@pytest.mark.parametrize("flow", ["unlock", "forget"])
async def test_a_link_does_not_stand_in_for_the_recovery_question(
    recovering: Recovering, flow: str
) -> None:
    await recovering.seed(passwords=ASKS | HIDDEN, recovery_question=QUESTION)
    await recovering.lock()
    if flow == "unlock":
        await recovering.unlock()
    else:
        await recovering.forget()
        await recovering.by("email")
    waiting = recovering.document
    await recovering.open(await recovering.link())
    recovering.seen.append(waiting)
    document = await recovering.take("poll")
    assert document.current["key"] == "security_question"
    assert await recovering.status() == "LOCKED_OUT"
    answer = {"questionKey": "disliked_food", "answer": ANSWER}
    document = await recovering.take("challenge-authenticator", credentials=answer)
    assert _is_through(document)


@WAITING
async def test_another_browser_shows_the_code_and_proves_nothing(
    recovering: Recovering, a_visitor: Callable[[], Visitor], waits: Waits
) -> None:
    recovering.visitor.http.headers["User-Agent"] = LINUX
    await waits(recovering)
    waiting = recovering.document
    link, code = await recovering.link(), await recovering.passcode()
    shown = await recovering.open(link, a_visitor(), **{"User-Agent": PHONE_AGENT})
    assert (shown.status, shown.keys, shown.names) == (200, ENTER, [])
    assert shown.body["intent"] == INTENTS[waits]
    assert shown.current["key"] == "okta_email"
    assert shown.current["contextualData"] == {"otp": code}
    assert shown.body["client"]["value"] == {"browser": "CHROME", "os": "Linux", "location": {}}
    assert shown.body["user"] == waiting.body["user"]
    assert shown.body["app"]["value"]["id"] == SPA
    recovering.seen.append(waiting)
    assert (await recovering.take("poll")).names == waiting.names
    assert _is_through(await recovering.prove(code))


async def test_the_page_of_another_browser_leads_nowhere(
    recovering: Recovering, a_visitor: Callable[[], Visitor]
) -> None:
    await _signing_in(recovering)
    other = a_visitor()
    shown = await recovering.open(await recovering.link(), other)
    handle = {"stateHandle": shown.body["stateHandle"]}
    body = {"identifier": LOGIN, "credentials": {"passcode": PASSWORD}}
    for path in ("identify", "cancel", "recover", "challenge/answer", "unlock-account"):
        document = await Following(other).post(f"/idp/idx/{path}", handle | body)
        assert document.status == 400, path
        assert document.names == []
    redirect = f"/login/token/redirect?stateToken={handle['stateHandle']}"
    assert (await other.ask("GET", redirect)).status == 400
    assert await other.session_id() is None


@WAITING
async def test_a_link_that_was_used_is_out_of_date(
    recovering: Recovering, a_visitor: Callable[[], Visitor], waits: Waits
) -> None:
    await waits(recovering)
    link = await recovering.link()
    assert (await recovering.open(link)).keys == RETURN
    for visitor in (None, a_visitor()):
        shown = await recovering.open(link, visitor)
        assert (shown.keys, list(shown.body)) == (STALE, ALONE)


@WAITING
async def test_a_link_is_good_for_five_minutes(
    recovering: Recovering, org: MockOkta, waits: Waits
) -> None:
    await waits(recovering)
    waiting = recovering.document
    org.clock.advance(timedelta(minutes=5))
    shown = await recovering.open(await recovering.link())
    assert (shown.keys, list(shown.body)) == (EXPIRED, ALONE)
    recovering.seen.append(waiting)
    assert (await recovering.take("poll")).names == waiting.names


async def test_a_link_that_never_was_says_that_it_expired(recovering: Recovering) -> None:
    url = recovering.visitor.org.url
    assert (await recovering.open(f"{url}/email/verify/made-up")).keys == EXPIRED


async def test_the_next_code_makes_the_link_before_out_of_date(
    recovering: Recovering, org: MockOkta
) -> None:
    await _recovering(recovering)
    link = await recovering.link()
    org.clock.advance(timedelta(seconds=30))
    waiting = await recovering.take("resend")
    assert (await recovering.open(link)).keys == STALE
    assert (await recovering.open(await recovering.link())).keys == RETURN
    recovering.seen.append(waiting)
    assert (await recovering.take("poll")).screen == "reset-authenticator"


@pytest.mark.parametrize("way", ["cancel", "code", "something else"])
async def test_a_link_does_not_work_for_who_went_another_way(
    recovering: Recovering, way: str
) -> None:
    await recovering.seed({"factor": "okta_sms", "phone_number": "+14155556688"})
    await recovering.forget()
    await recovering.choose("okta_email")
    await recovering.by("email")
    link = await recovering.link()
    if way == "cancel":
        await recovering.take("cancel")
    elif way == "code":
        await recovering.prove()
    else:
        await recovering.choose("phone_number")
        await recovering.by("sms")
    stands = recovering.document
    assert (await recovering.open(link)).keys == STALE
    again = await recovering.introspect(stateHandle=stands.body["stateHandle"])
    assert again.names == stands.names


async def test_who_may_not_come_in_is_reported_to_go_back(recovering: Recovering) -> None:
    await _signing_in(recovering)
    await recovering.change("suspend")
    assert (await recovering.open(await recovering.link())).keys == FAILED


async def test_a_browser_that_refuses_cookies_is_another_one(recovering: Recovering) -> None:
    await _recovering(recovering)
    recovering.visitor.http.cookie_jar.clear()
    assert (await recovering.open(await recovering.link())).keys == ENTER


async def test_of_a_link_opened_by_many_at_once_one_proves(many: Recovering) -> None:
    await many.seed(passwords=HIDDEN)
    await many.lock()
    await many.unlock()
    link = await many.link()
    shown = await asyncio.gather(*(many.open(link) for _ in range(CALLERS)))
    said = [each.keys for each in shown]
    assert said.count(RETURN) == 1
    assert said.count(STALE) == CALLERS - 1


def _with_callback() -> Config:
    seed = identity()
    clients = tuple(
        msgspec.structs.replace(each, email_callback_uri=CALLBACK)
        if each.client_id == SPA
        else each
        for each in seed.clients
    )
    return Config(seed=msgspec.structs.replace(seed, clients=clients))


WITH_CALLBACK = pytest.mark.parametrize("config", [_with_callback()])


@WITH_CALLBACK
@WAITING
async def test_the_apps_own_page_gets_the_code_which_works_as_passcode(
    recovering: Recovering, a_visitor: Callable[[], Visitor], waits: Waits
) -> None:
    await waits(recovering)
    link, names = await recovering.link(), recovering.document.names
    for visitor in (recovering.visitor, a_visitor()):
        place = urlsplit((await visitor.ask("GET", link)).location)
        assert f"{place.scheme}://{place.netloc}{place.path}" == "http://localhost:3000/email"
        query = parse_qs(place.query)
        code = await recovering.passcode()
        assert query == {"from": ["okta"], "otp": [code], "state": ["the-state"]}
    assert (await recovering.take("poll")).names == names
    assert _is_through(await recovering.prove(query["otp"][0]))


@WITH_CALLBACK
async def test_the_apps_own_page_gets_no_code_that_is_too_old(
    recovering: Recovering, org: MockOkta
) -> None:
    await _recovering(recovering)
    link = await recovering.link()
    org.clock.advance(timedelta(minutes=5))
    assert (await recovering.open(link)).keys == EXPIRED


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (LINUX, "CHROME", "Linux"),
        (PHONE_AGENT, "SAFARI", "iOS"),
        (WINDOWS, "CHROMIUM_EDGE", "Windows 10"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Firefox/133.0", "FIREFOX", "Android"),
        (MAC, "FIREFOX", "Mac OS X"),
        ("okta-idx-java/2.0.0", "UNKNOWN", "Unknown"),
    ],
)
def test_browsers_and_systems_have_oktas_names(agent: str, browser: str, system: str) -> None:
    assert (browser_of(agent), system_of(agent)) == (browser, system)

"""What each status of a user sees: at the sign-in, and of what they were given before."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mock_okta import Config, MockOkta, Seed, SeedLockout, SeedPasswordPolicy, SeedUser
from tests.authn.signing import Signing, error_of
from tests.visiting import LOGIN, PASSWORD, SEED, USER_ID, Visitor

FAILED = "E0000004"
STATUSES = (
    ("STAGED", FAILED),
    ("PROVISIONED", FAILED),
    ("ACTIVE", "SUCCESS"),
    ("PASSWORD_EXPIRED", "PASSWORD_EXPIRED"),
    ("LOCKED_OUT", FAILED),
    ("RECOVERY", FAILED),
    ("SUSPENDED", FAILED),
    ("DEPROVISIONED", FAILED),
)
SHUT_OUT = ("STAGED", "PROVISIONED", "SUSPENDED", "DEPROVISIONED")
LET_IN = ("ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY")


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


async def _become(visitor: Visitor, status: str) -> None:
    """Seed the user anew, in that status."""
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "status": status}
    assert (await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})).status == 200


@pytest.mark.parametrize(("status", "seen"), STATUSES)
async def test_each_status_is_met_at_the_sign_in(signing: Signing, status: str, seen: str) -> None:
    await _become(signing.visitor, status)
    answer = await signing.sign_in()
    if seen == FAILED:
        assert error_of(answer) == (401, FAILED, [])
    else:
        assert (answer.status, answer.json()["status"]) == (200, seen)


@pytest.mark.parametrize(("status", "_seen"), STATUSES)
async def test_a_wrong_password_looks_alike_in_each_status(
    signing: Signing, status: str, _seen: str
) -> None:
    await _become(signing.visitor, status)
    assert error_of(await signing.sign_in(password="wrong")) == (401, FAILED, [])


SHOWING = Seed(
    users=(SeedUser(login=LOGIN, password=PASSWORD, status="LOCKED_OUT"),),
    password_policies=(SeedPasswordPolicy(lockout=SeedLockout(show_lockout_failures=True)),),
)


@pytest.mark.parametrize("config", [Config(seed=SHOWING)], ids=["shown"])
async def test_a_lockout_that_is_shown_is_seen(signing: Signing) -> None:
    assert (await signing.sign_in()).json()["status"] == "LOCKED_OUT"


Lives = Callable[[], Awaitable[bool]]


async def _session(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return await visitor.session_id() is not None

    return lives


async def _silent_sign_in(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return "code" in (await visitor.authorize({"prompt": "none"})).returned

    return lives


async def _me(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return (await visitor.ask("GET", "/api/v1/users/me")).status == 200

    return lives


async def _session_token(visitor: Visitor) -> Lives:
    token = await visitor.session_token()

    async def lives() -> bool:
        body = {"sessionToken": token}
        return (await visitor.ask("POST", "/api/v1/sessions", json=body)).status == 200

    return lives


async def _code(visitor: Visitor) -> Lives:
    code = await visitor.code()

    async def lives() -> bool:
        return (await visitor.redeem(code)).status == 200

    return lives


async def _refresh_token(visitor: Visitor) -> Lives:
    token = (await visitor.tokens())["refresh_token"]

    async def lives() -> bool:
        introspected = bool((await visitor.introspect(token))["active"])
        refreshed = (await visitor.refresh(token)).status == 200
        assert introspected is refreshed
        return refreshed

    return lives


async def _access_token(visitor: Visitor) -> Lives:
    token = (await visitor.tokens({"scope": "openid"}))["access_token"]

    async def lives() -> bool:
        active = bool((await visitor.introspect(token))["active"])
        assert ((await visitor.userinfo(token)).status == 200) is active
        return active

    return lives


GIVEN = (_session, _silent_sign_in, _me, _session_token, _code, _refresh_token, _access_token)


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("status", SHUT_OUT)
async def test_what_was_given_before_is_refused_to_who_is_shut_out(
    visitor: Visitor, given: Callable[[Visitor], Awaitable[Lives]], status: str
) -> None:
    lives = await given(visitor)
    await _become(visitor, status)
    assert not await lives()


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("status", LET_IN)
async def test_what_was_given_before_counts_in_the_other_statuses(
    visitor: Visitor, given: Callable[[Visitor], Awaitable[Lives]], status: str
) -> None:
    lives = await given(visitor)
    await _become(visitor, status)
    assert await lives()


async def test_the_plain_form_names_the_widget_where_more_is_due(
    visitor: Visitor, org: MockOkta
) -> None:
    await _become(visitor, "PASSWORD_EXPIRED")
    form: dict[str, Any] = {"username": LOGIN, "password": PASSWORD}
    answer = await visitor.ask("POST", "/login/login.htm", data=form)
    assert answer.status == 401
    assert "sign in by the Sign-In Widget" in answer.text
    wrong = await visitor.ask("POST", "/login/login.htm", data=form | {"password": "wrong"})
    assert "Sign in failed!" in wrong.text
    assert "Widget" not in wrong.text
    assert org.url in answer.form.fields["fromURI"]

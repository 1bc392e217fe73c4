"""What each status of a user sees: at the sign-in, and of what they were given before."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mock_okta import Config, Lockout, MockOkta, Seed, SeedPasswordPolicy, SeedUser
from tests.authn.signing import Signing, error_of
from tests.living import (
    Lives,
    access_token,
    code,
    me,
    refresh_token,
    session,
    session_token,
    silent_sign_in,
)
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
    """Seed the user again, in that status."""
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
    password_policies=(SeedPasswordPolicy(lockout=Lockout(show_lockout_failures=True)),),
)


@pytest.mark.parametrize("config", [Config(seed=SHOWING)], ids=["shown"])
async def test_a_lockout_that_is_shown_is_seen(signing: Signing) -> None:
    assert (await signing.sign_in()).json()["status"] == "LOCKED_OUT"


GIVEN = (session, silent_sign_in, me, session_token, code, refresh_token, access_token)


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
    assert "sign in with the Sign-In Widget" in answer.text
    wrong = await visitor.ask("POST", "/login/login.htm", data=form | {"password": "wrong"})
    assert "Sign in failed!" in wrong.text
    assert "Widget" not in wrong.text
    assert org.url in answer.form.fields["fromURI"]

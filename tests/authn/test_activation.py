"""The first sign-in, by an e-mailed link or an activation token (Okta's Authentication API)."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import (
    Config,
    Recovery,
    Seed,
    SeedEnrollmentPolicy,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.authn.signing import AUTHN, LOGIN, NEW_PASSWORD, PASSWORD, Signing, error_of
from tests.visiting import Answer

FAILED = (401, "E0000004", [])
FACTORS: dict[str, Any] = {
    "sign_on_policies": (SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
    "enrollment_policies": (SeedEnrollmentPolicy(required=("okta_question",)),),
}


def _config(password: str = "", **seed: Any) -> Config:
    policy = SeedPasswordPolicy(recovery=Recovery(token_lifetime_minutes=1))
    user = SeedUser(login=LOGIN, password=password, status="STAGED")
    return Config(seed=Seed(users=(user,), password_policies=(policy,), **seed))


@pytest.fixture
def config() -> Config:
    """Override: an org with a user who is not activated, and has no password."""
    return _config()


async def _activate(signing: Signing, **body: Any) -> Answer:
    """Have the user activated, and use the token of the link."""
    await signing.change("activate")
    return await signing.post(AUTHN, token=await signing.token(), **body)


async def test_activation_sends_a_link_and_the_user_waits(signing: Signing) -> None:
    assert error_of(await signing.sign_in(password="")) == FAILED
    changed = (await signing.change("activate")).json()
    assert changed["status"] == "PROVISIONED"
    (message,) = await signing.outbox()
    assert (message["channel"], message["to"]) == ("email", LOGIN)
    assert message["template"] == "activation"
    link = await signing.link()
    assert link == changed["link"]
    assert re.fullmatch(re.escape(f"{signing.org.url}/welcome/") + r"[\w-]{20}", link)
    assert error_of(await signing.sign_in(password="")) == FAILED


async def test_the_token_leads_to_the_first_password(signing: Signing) -> None:
    state = (await _activate(signing)).json()
    assert state["status"] == "PASSWORD_RESET"
    assert state["recoveryType"] == "ACCOUNT_ACTIVATION"
    assert state["_links"]["next"]["name"] == "resetPassword"
    assert state["_embedded"]["policy"]["complexity"]["minLength"] == 8
    weak = await signing.follow(state, newPassword="weak")
    assert error_of(weak)[:2] == (403, "E0000080")
    assert await signing.status() == "PROVISIONED"
    success = (await signing.follow(state, newPassword=NEW_PASSWORD)).json()
    assert (success["status"], "recoveryType" in success) == ("SUCCESS", False)
    assert await signing.status() == "ACTIVE"
    assert (await signing.sign_in(password=NEW_PASSWORD)).status == 200


@pytest.mark.parametrize("config", [_config(**FACTORS)], ids=["with a factor"])
async def test_after_the_password_come_required_factors(signing: Signing) -> None:
    state = (await _activate(signing)).json()
    enroll = (await signing.follow(state, newPassword=NEW_PASSWORD)).json()
    assert (enroll["status"], "skip" in enroll["_links"]) == ("MFA_ENROLL", False)
    (factor,) = enroll["_embedded"]["factors"]
    done = await signing.post(
        factor["_links"]["enroll"]["href"],
        stateToken=enroll["stateToken"],
        factorType="question",
        provider="OKTA",
        profile={"question": "disliked_food", "answer": "beetroot"},
    )
    assert done.json()["status"] == "SUCCESS"


@pytest.mark.parametrize("config", [_config(PASSWORD)], ids=["with a password"])
async def test_who_has_a_password_is_active_at_once(signing: Signing) -> None:
    assert error_of(await signing.sign_in()) == FAILED
    changed = (await signing.change("activate")).json()
    assert (changed["status"], changed["link"]) == ("ACTIVE", None)
    assert (await signing.sign_in()).json()["status"] == "SUCCESS"


async def test_a_token_is_good_once(signing: Signing) -> None:
    await signing.change("activate")
    token = await signing.token()
    answers = await asyncio.gather(*(signing.post(AUTHN, token=token) for _ in range(16)))
    assert [answer.status for answer in answers].count(200) == 1
    assert error_of(await signing.post(AUTHN, token=token)) == FAILED


async def test_a_token_is_good_for_a_week(signing: Signing) -> None:
    await signing.change("activate")
    signing.org.clock.advance(timedelta(days=6, hours=23))
    assert (await signing.post(AUTHN, token=await signing.token())).status == 200
    await signing.change("reactivate")
    signing.org.clock.advance(timedelta(days=7))
    assert error_of(await signing.post(AUTHN, token=await signing.token())) == FAILED


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 20])
async def test_an_unknown_token_signs_nobody_in(signing: Signing, token: str) -> None:
    assert error_of(await signing.post(AUTHN, token=token)) == FAILED


async def test_tokens_of_one_kind_are_not_taken_for_the_other(signing: Signing) -> None:
    await signing.change("activate")
    token = await signing.token()
    assert error_of(await signing.redeem(token)) == (401, "E0000011", [])
    state = (await signing.post(AUTHN, token=token)).json()
    await signing.follow(state, newPassword=NEW_PASSWORD)
    await signing.recover()
    assert error_of(await signing.post(AUTHN, token=await signing.token())) == FAILED
    assert (await signing.redeem(await signing.token())).status == 200


async def test_once_activated_no_earlier_link_is_of_use(signing: Signing) -> None:
    await signing.change("activate")
    earlier = await signing.token()
    await signing.change("reactivate")
    state = (await signing.post(AUTHN, token=await signing.token())).json()
    await signing.follow(state, newPassword=NEW_PASSWORD)
    assert error_of(await signing.post(AUTHN, token=earlier)) == FAILED


async def test_who_is_deactivated_meanwhile_does_not_get_through(signing: Signing) -> None:
    state = (await _activate(signing)).json()
    await signing.change("deactivate")
    assert error_of(await signing.follow(state, newPassword=NEW_PASSWORD)) == FAILED
    assert await signing.status() == "DEPROVISIONED"


async def test_the_link_leads_to_the_widget_with_the_state(signing: Signing) -> None:
    await signing.change("activate")
    opened = await signing.visitor.ask("GET", await signing.link())
    page, _, state_token = opened.location.rpartition("/")
    assert page == f"{signing.org.url}/signin/refresh-auth-state"
    state = (await signing.post(f"{AUTHN}/introspect", stateToken=state_token)).json()
    assert (state["status"], state["recoveryType"]) == ("PASSWORD_RESET", "ACCOUNT_ACTIVATION")


async def test_a_link_that_is_spent_says_so(signing: Signing) -> None:
    await signing.change("activate")
    link = await signing.link()
    await signing.visitor.ask("GET", link)
    for spent in (link, f"{signing.org.url}/welcome/nonsense"):
        answer = await signing.visitor.ask("GET", spent)
        assert answer.status == 403
        assert "expired or has been previously used" in answer.text


REGISTERED = {"registration": {"activation_email": True}}


async def test_a_link_of_who_has_a_password_begins_a_session(signing: Signing) -> None:
    await signing.visitor.ask("PUT", "/_mock/seed", json=REGISTERED)
    form = (await signing.visitor.ask("GET", "/api/v1/registration/form")).json()
    profile = {"email": "new@example.com", "password": NEW_PASSWORD}
    await signing.post(
        f"/api/v1/registration/{form['policyId']}/register",
        userProfile={**profile, "firstName": "New", "lastName": "User"},
    )
    opened = await signing.visitor.ask("GET", await signing.link())
    home = await signing.visitor.ask("GET", opened.location)
    assert home.location == f"{signing.org.url}/app/UserHome"
    assert await signing.visitor.session_id() is not None

"""An app's authentication policy at /authorize: enough, not enough, too old, never enough."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pyotp
import pytest
from msgspec import structs

from mock_okta import (
    Clock,
    Config,
    Constraint,
    FactorConstraint,
    KeyPool,
    PossessionConstraint,
    SeedAuthenticationPolicy,
    SeedAuthenticationRule,
    SeedFactor,
    SeedUser,
)
from mock_okta.model.assurance import Assurance, Proof
from mock_okta.model.factors import FactorKey
from mock_okta.model.seed import GivenSeed
from mock_okta.model.sessions import Session
from mock_okta.oauth.authorization.assurance import session_evidence
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.services import Services
from mock_okta.services.sign_in.assurance import is_met
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover
from tests.visiting import LOGIN, PASSWORD, SEED, SPA, WEB, Answer, Visitor

BARE, DENIED = "bare@example.com", "denied@example.com"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOUR = timedelta(hours=1)
RESISTANT = Constraint(possession=PossessionConstraint(phishing_resistant="REQUIRED"))
VERIFIED = Constraint(possession=PossessionConstraint(user_verification="REQUIRED"))
TOO_LITTLE = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)
REFUSED = "Policy evaluation failed for this request, please check the policy configurations."
POLICY = SeedAuthenticationPolicy(
    name="Policy",
    rules=(
        SeedAuthenticationRule(name="Denied", users=(DENIED,), access="DENY"),
        SeedAuthenticationRule(name="Others", factor_mode="2FA"),
    ),
)
ORG = structs.replace(
    SEED,
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            factors=(SeedFactor(factor="google_otp", secret=SECRET),),
        ),
        *(SeedUser(login=login, password=PASSWORD) for login in (BARE, DENIED)),
    ),
    clients=tuple(
        structs.replace(c, authentication_policy=POLICY.name if c.client_id == SPA else None)
        for c in SEED.clients
    ),
    authentication_policies=(POLICY,),
)


@pytest.fixture
def config() -> Config:
    return Config(seed=ORG)


async def the_app_asks(visitor: Visitor, **rule: Any) -> None:
    """Have the app's policy ask everybody for that, but for the one who is denied access."""
    denying, others = POLICY.rules
    changed = structs.replace(others, **rule)
    policy = structs.replace(POLICY, rules=(denying, changed))
    document = {"authentication_policies": [msgspec.to_builtins(policy)]}
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


async def stepped_up(visitor: Visitor, answer: Answer) -> Answer:
    """Prove the one-time password where the step-up asks for it; where that leads."""
    token = urlsplit(answer.location).path.removeprefix("/signin/refresh-auth-state/")
    state = (await visitor.ask("POST", "/api/v1/authn", json={"stateToken": token})).json()
    assert state["status"] == "MFA_REQUIRED", state
    href = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    code = pyotp.TOTP(SECRET).at(visitor.org.clock.now())
    proved = {"stateToken": token, "passCode": code}
    success = (await visitor.ask("POST", href, json=proved)).json()
    redirected = await visitor.ask("GET", success["_links"]["next"]["href"])
    return await visitor.ask("GET", redirected.location)


async def signed_in_anew(visitor: Visitor, answer: Answer) -> Answer:
    """Sign in where that is asked for, and go on from there."""
    query = parse_qs(urlsplit(answer.location).query)
    assert urlsplit(answer.location).path == "/login/login.htm"
    await visitor.sign_in()
    return await visitor.ask("GET", query["fromURI"][0])


@pytest.mark.parametrize("engine", ["classic"])
async def test_an_app_that_asks_for_two_factors_gets_them(visitor: Visitor) -> None:
    await visitor.sign_in()
    asked = await visitor.authorize()
    assert "code" in (await stepped_up(visitor, asked)).returned
    assert "code" in (await visitor.authorize({"prompt": "none"})).returned


async def test_other_apps_ask_for_nothing_more(visitor: Visitor) -> None:
    await visitor.sign_in()
    assert "code" in (await visitor.authorize({"client_id": WEB})).returned


async def test_a_removed_policy_asks_for_nothing(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("DELETE", f"/_mock/authentication_policies/{POLICY.name}")
    assert answer.status == 204, answer.text
    assert "code" in (await visitor.authorize()).returned


@pytest.mark.parametrize("rule", [{}, {"factor_mode": "1FA", "reauthenticate_in": timedelta()}])
async def test_a_client_that_forbids_prompting_is_reported(
    visitor: Visitor, rule: dict[str, Any]
) -> None:
    await the_app_asks(visitor, **rule)
    await visitor.sign_in()
    returned = (await visitor.authorize({"prompt": "none"})).returned
    assert (returned["error"], returned["error_description"]) == ("login_required", TOO_LITTLE)


@pytest.mark.parametrize(
    ("login", "rule"),
    [
        (DENIED, {"factor_mode": "1FA"}),
        (BARE, {}),
        (LOGIN, {"constraints": (RESISTANT,)}),
    ],
)
async def test_who_can_never_get_there_is_denied(
    visitor: Visitor, login: str, rule: dict[str, Any]
) -> None:
    await the_app_asks(visitor, **rule)
    await visitor.sign_in(login)
    for change in ({}, {"prompt": "none"}):
        returned = (await visitor.authorize(change)).returned
        assert (returned["error"], returned["error_description"]) == ("access_denied", REFUSED)


async def test_a_proof_that_is_too_old_is_made_anew(visitor: Visitor) -> None:
    await the_app_asks(visitor, factor_mode="1FA", reauthenticate_in=HOUR)
    visitor.org.clock.freeze()
    await visitor.sign_in()
    visitor.org.clock.advance(HOUR)
    assert "code" in (await visitor.authorize()).returned
    visitor.org.clock.advance(timedelta(seconds=1))
    asked = await visitor.authorize()
    assert "code" in (await signed_in_anew(visitor, asked)).returned


async def test_an_app_may_ask_for_a_sign_in_each_time(visitor: Visitor) -> None:
    await the_app_asks(visitor, factor_mode="1FA", reauthenticate_in=timedelta())
    visitor.org.clock.freeze()
    await visitor.sign_in()
    for _ in range(2):
        asked = await visitor.authorize()
        assert "code" in (await signed_in_anew(visitor, asked)).returned


async def test_a_session_token_is_as_young_as_can_be(visitor: Visitor) -> None:
    await the_app_asks(visitor, factor_mode="1FA", reauthenticate_in=timedelta())
    await visitor.sign_in()
    token = {"sessionToken": await visitor.session_token()}
    assert "code" in (await visitor.authorize(token)).returned


async def test_a_user_who_goes_on_without_a_new_sign_in_is_asked_again(visitor: Visitor) -> None:
    await the_app_asks(visitor, factor_mode="1FA", reauthenticate_in=timedelta())
    await visitor.sign_in()
    asked = await visitor.authorize()
    (target,) = parse_qs(urlsplit(asked.location).query)["fromURI"]
    again = await visitor.ask("GET", target)
    assert urlsplit(again.location).path == "/login/login.htm"


@pytest.mark.parametrize("engine", ["classic"])
@pytest.mark.parametrize("limit", [timedelta(), HOUR])
async def test_a_step_up_makes_no_older_proof_young(visitor: Visitor, limit: timedelta) -> None:
    """The password is too old: it is asked for again, and then what it is not enough without."""
    await the_app_asks(visitor, reauthenticate_in=limit)
    await visitor.sign_in()
    visitor.org.clock.advance(1.5 * HOUR)
    asked = await signed_in_anew(visitor, await visitor.authorize())
    visitor.org.clock.advance(timedelta(minutes=1))
    assert "code" in (await stepped_up(visitor, asked)).returned


@pytest.mark.parametrize("engine", ["classic"])
async def test_a_session_token_and_a_step_up_are_both_for_the_request(visitor: Visitor) -> None:
    await the_app_asks(visitor, reauthenticate_in=timedelta())
    asked = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert "code" in (await stepped_up(visitor, asked)).returned


async def test_a_constraint_s_own_limit_asks_for_a_new_sign_in_too(visitor: Visitor) -> None:
    knowledge = FactorConstraint(reauthenticate_in=HOUR)
    await the_app_asks(visitor, factor_mode="1FA", constraints=(Constraint(knowledge=knowledge),))
    await visitor.sign_in()
    assert "code" in (await visitor.authorize()).returned
    visitor.org.clock.advance(HOUR + timedelta(seconds=1))
    asked = await visitor.authorize()
    assert "code" in (await signed_in_anew(visitor, asked)).returned


NOW = datetime(2031, 1, 1, tzinfo=UTC)


async def test_what_the_engine_keeps_of_proofs_counts_beside_the_amr(
    shared_pool: KeyPool,
) -> None:
    clock = Clock()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(ORG), path_to_recover
    )
    await services.seeding.start(ORG)
    user = await user_named(services.storage, LOGIN)
    assert user is not None
    key = frozenset({FactorKey.WEBAUTHN})
    session = Session(
        id="102",
        user_id=user.id,
        amr=("hwk", "mfa", "pwd"),
        created_at=NOW,
        authenticated_at=NOW,
        expires_at=NOW + HOUR,
    )
    verified = structs.replace(
        session, proofs=(Proof(keys=key, at=NOW + HOUR, verifies_user=True),)
    )
    policies, wanted = services.policies, Assurance(constraints=(VERIFIED,))
    for each, is_enough in ((session, False), (verified, True)):
        evidence = await session_evidence(policies, each, user, NOW + HOUR, new_since=None)
        assert is_met(wanted, evidence) is is_enough
        assert evidence.enrolled == {FactorKey.PASSWORD, FactorKey.GOOGLE_OTP}
    later = await session_evidence(policies, verified, user, NOW + HOUR, new_since=NOW + HOUR)
    assert [each.keys for each in later.proofs] == [key]
    assert [each.keys for each in later.earlier] == [{FactorKey.PASSWORD}]

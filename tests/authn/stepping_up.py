"""Users, apps and acts of the tests of step-up."""

from typing import Any
from urllib.parse import urlsplit

import msgspec
import pyotp

from mock_okta import MockOkta, Seed, SeedEnrollmentPolicy, SeedFactor, SeedUser
from tests.authn.signing import AUTHN, Signing
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, SEED, SPA, Answer, Visitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BARE_LOGIN = "bare@example.com"
ANY_FACTOR, IF_POSSIBLE = "urn:okta:loa:2fa:any", "urn:okta:loa:2fa:any:ifpossible"


def seed_of(*, app_asks: bool) -> Seed:
    """Two users with a factor, one without, who may enrol one; an app that asks for it."""
    otp = SeedFactor(factor="google_otp", secret=SECRET)
    users = [
        SeedUser(login=login, password=PASSWORD, groups=("Everyone", "Staff"), factors=(otp,))
        for login in (LOGIN, OTHER_LOGIN)
    ]
    bare = SeedUser(login=BARE_LOGIN, password=PASSWORD)
    return msgspec.structs.replace(
        SEED,
        users=(*users, bare),
        clients=tuple(
            msgspec.structs.replace(c, requires_factor=app_asks and c.client_id == SPA)
            for c in SEED.clients
        ),
        enrollment_policies=(
            SeedEnrollmentPolicy(name="Staff", groups=("Staff",), optional=("okta_question",)),
        ),
    )


def code(org: MockOkta) -> str:
    return pyotp.TOTP(SECRET).at(org.clock.now())


def state_token_of(location: str) -> str:
    """The state token of the hosted page at that place."""
    path = urlsplit(location).path
    assert path.startswith("/signin/refresh-auth-state/00"), path
    return path.rpartition("/")[2]


async def introspected(signing: Signing, answer: Answer) -> dict[str, Any]:
    token = state_token_of(answer.location)
    state = (await signing.post(f"{AUTHN}/introspect", stateToken=token)).json()
    shown = (await signing.post(AUTHN, stateToken=token)).json()
    assert shown | {"expiresAt": ""} == state | {"expiresAt": ""}  # 3.2.2 asks the older way
    body: dict[str, Any] = state
    return body


async def verified(signing: Signing, state: dict[str, Any]) -> dict[str, Any]:
    """Prove the factor that the state asks for."""
    assert state["status"] == "MFA_REQUIRED", state
    href = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    answer = await signing.post(href, stateToken=state["stateToken"], passCode=code(signing.org))
    body: dict[str, Any] = answer.json()
    return body


async def finished(visitor: Visitor, success: dict[str, Any]) -> Answer:
    """Go where a step-up that succeeded leads, as the widget does, and from there on."""
    redirected = await visitor.ask("GET", success["_links"]["next"]["href"])
    return await visitor.ask("GET", redirected.location)

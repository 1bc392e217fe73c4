"""The walk of an authorization request: its order, and its detours where no prompt is allowed."""

from typing import get_args

import pytest

from mock_okta import Config, Seed, SeedClient
from mock_okta.oauth.authorization.deciding import PROMPTLESS, STEPS, Detour
from tests.visiting import CALLBACK, SEED, Change, Visitor

CONSENT, FACTOR = "0oa1con00000000000h7", "0oa1fac00000000000h7"


@pytest.fixture
def config() -> Config:
    consenting = SeedClient(
        name="Asks for consent",
        type="spa",
        client_id=CONSENT,
        consent_method="REQUIRED",
        login_redirect_uris=(CALLBACK,),
    )
    asking = SeedClient(
        name="Asks for a factor",
        type="spa",
        client_id=FACTOR,
        requires_factor=True,
        login_redirect_uris=(CALLBACK,),
    )
    return Config(seed=Seed(users=SEED.users, clients=(*SEED.clients, consenting, asking)))


def test_a_request_is_walked_in_this_order() -> None:
    assert [step.__name__ for step in STEPS] == [
        "session_is_there",
        "session_is_fresh",
        "user_is_usable",
        "factor_is_proved",
        "app_is_assured",
        "access_is_granted",
        "consent_is_given",
    ]


def test_every_detour_has_its_error_where_no_prompt_is_allowed() -> None:
    assert set(PROMPTLESS) == set(get_args(Detour))


async def test_nobody_signed_in_is_said_before_what_else_is_missing(visitor: Visitor) -> None:
    refused = await visitor.authorize({"client_id": FACTOR, "prompt": "none", "max_age": "1"})
    assert refused.returned["error"] == "login_required"
    assert refused.returned["error_description"].endswith("the user is not logged in.")


@pytest.mark.parametrize(
    "change",
    [{"max_age": "0"}, {"max_age": "0", "client_id": CONSENT}],
)
async def test_a_session_that_is_too_old_is_said_before_consent(
    visitor: Visitor, change: Change
) -> None:
    await visitor.sign_in()
    refused = await visitor.authorize({"prompt": "none", **change})
    assert refused.returned["error"] == "login_required"
    assert refused.returned["error_description"].endswith("re-authentication or MFA.")


async def test_a_session_begins_though_the_request_of_its_token_is_refused(
    visitor: Visitor,
) -> None:
    """The token was spent for it: a browser without a cookie would have lost both."""
    token = await visitor.session_token()
    refused = await visitor.authorize({"sessionToken": token, "acr_values": "phrh"})
    assert refused.returned["error"] == "unmet_authentication_requirements"
    assert await visitor.session_id() is not None

"""Rules of /authorize: a good request, and each change that breaks it (facts/oauth C.3)."""

from urllib.parse import urlsplit

import pytest

from mock_okta.oauth.checks.authorization import RETURNED
from tests.visiting import (
    BOUND,
    CALLBACK,
    CHALLENGE,
    CODE_ONLY,
    IMPLICIT_ONLY,
    WEB,
    Change,
    Visitor,
)

STATE = "The authentication request has an invalid 'state' parameter."
NONCE = "The authentication request has an invalid 'nonce' parameter."
PROMPT = "The authentication request has an invalid 'prompt' parameter."
MAX_AGE = "The authentication request has an invalid 'max_age' parameter."
ILLEGAL = "PKCE code challenge contains illegal characters."
NO_PKCE = "PKCE code challenge is required when the token endpoint authentication method is 'NONE'."
MODES = (
    "The response mode is not supported by the authorization server. "
    "Valid response modes: [query, fragment, form_post, okta_post_message]."
)
UNKNOWN_SCOPE = "One or more scopes are not configured for the authorization server resource."
NO_SCOPE = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."


def types(names: str) -> str:
    return (
        "The response type is not supported by the authorization server. "
        f"Configured response types: [{names}]"
    )


Row = tuple[str, Change, str, str]
ROWS: tuple[Row, ...] = (
    (
        "parameters_are_given_once",
        {"scope": ["openid", "openid"]},
        "invalid_request",
        "The authentication request has a repeated 'scope' parameter.",
    ),
    (
        "parameters_are_given_once",
        {"unheard_of": ["1", "2"]},
        "invalid_request",
        "The authentication request has a repeated 'unheard_of' parameter.",
    ),
    (
        "response_type_is_known",
        {"response_type": None},
        "invalid_request",
        "The authentication request has an invalid 'response_type' parameter.",
    ),
    (
        "response_type_is_known",
        {"response_type": "code bogus"},
        "unsupported_response_type",
        types("code, id_token, token"),
    ),
    (
        "response_type_is_known",
        {"response_type": "Code"},
        "unsupported_response_type",
        types("code, id_token, token"),
    ),
    (
        "response_type_is_allowed",
        {"client_id": CODE_ONLY, "response_type": "id_token"},
        "unsupported_response_type",
        types("code"),
    ),
    (
        "response_type_is_allowed",
        {"client_id": CODE_ONLY, "response_type": "code token"},
        "unsupported_response_type",
        types("code"),
    ),
    (
        "response_type_is_allowed",
        {"client_id": IMPLICIT_ONLY},
        "unsupported_response_type",
        types("id_token, token"),
    ),
    (
        "response_type_is_allowed",
        {"client_id": IMPLICIT_ONLY, "response_type": "code id_token"},
        "unsupported_response_type",
        types("id_token, token"),
    ),
    (
        "access_token_can_be_bound",
        {"client_id": BOUND, "response_type": "code token"},
        "invalid_request",
        "The client's access tokens are bound by DPoP, which the authorize endpoint cannot do.",
    ),
    (
        "response_mode_suits_type",
        {"response_mode": "bogus"},
        "unsupported_response_mode",
        MODES,
    ),
    (
        "response_mode_suits_type",
        {"response_mode": "query", "response_type": "token"},
        "unsupported_response_mode",
        MODES,
    ),
    (
        "response_mode_suits_type",
        {"response_mode": "query", "response_type": "code id_token"},
        "unsupported_response_mode",
        MODES,
    ),
    ("state_is_given", {"state": None}, "invalid_request", STATE),
    ("state_is_given", {"state": ""}, "invalid_request", STATE),
    ("state_is_given", {"state": "line\n"}, "invalid_request", STATE),
    ("state_is_given", {"state": "\x00"}, "invalid_request", STATE),
    ("state_is_given", {"state": "a\x7f"}, "invalid_request", STATE),
    ("state_is_given", {"state": "ü"}, "invalid_request", STATE),
    ("challenge_is_well_formed", {"code_challenge": 42 * "a"}, "invalid_request", ILLEGAL),
    ("challenge_is_well_formed", {"code_challenge": 129 * "a"}, "invalid_request", ILLEGAL),
    ("challenge_is_well_formed", {"code_challenge": 42 * "a" + "="}, "invalid_request", ILLEGAL),
    (
        "challenge_is_well_formed",
        {"code_challenge_method": "plain"},
        "invalid_request",
        "PKCE code challenge method must be 'S256'.",
    ),
    (
        "challenge_is_well_formed",
        {"code_challenge_method": None},
        "invalid_request",
        "PKCE code challenge method must be 'S256'.",
    ),
    (
        "challenge_is_given_where_required",
        {"code_challenge": None, "code_challenge_method": None},
        "invalid_request",
        NO_PKCE,
    ),
    (
        "challenge_is_given_where_required",
        {"response_type": "code token", "code_challenge": None, "code_challenge_method": None},
        "invalid_request",
        NO_PKCE,
    ),
    (
        "nonce_is_given_for_id_token",
        {"response_type": "id_token", "nonce": None},
        "invalid_request",
        NONCE,
    ),
    (
        "nonce_is_given_for_id_token",
        {"response_type": "code id_token", "nonce": ""},
        "invalid_request",
        NONCE,
    ),
    ("scopes_are_known", {"scope": "openid made_up"}, "invalid_scope", UNKNOWN_SCOPE),
    ("scopes_are_known", {"scope": "openid groups"}, "invalid_scope", UNKNOWN_SCOPE),
    ("scopes_are_known", {"scope": None}, "invalid_scope", NO_SCOPE),
    ("openid_is_asked_where_needed", {"scope": "email"}, "access_denied", OPENID),
    (
        "openid_is_asked_where_needed",
        {"response_type": "id_token", "scope": "messages.read"},
        "access_denied",
        OPENID,
    ),
    (
        "prompt_does_not_contradict_itself",
        {"prompt": "none login"},
        "invalid_request",
        PROMPT,
    ),
    (
        "prompt_does_not_contradict_itself",
        {"prompt": "create none"},
        "invalid_request",
        PROMPT,
    ),
    ("max_age_is_a_number", {"max_age": "-1"}, "invalid_request", MAX_AGE),
    ("max_age_is_a_number", {"max_age": "1h"}, "invalid_request", MAX_AGE),
)


def test_every_rule_that_returns_an_error_has_a_request_that_breaks_it() -> None:
    assert {row[0] for row in ROWS} == {check.__name__ for check in RETURNED}


@pytest.mark.parametrize(("rule", "change", "error", "description"), ROWS)
async def test_errors_return_to_the_client_with_its_state(
    visitor: Visitor, rule: str, change: Change, error: str, description: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize(change)
    uri = urlsplit(answer.location)
    assert f"{uri.scheme}://{uri.netloc}{uri.path}" == CALLBACK
    returned = answer.returned
    assert returned["error"] == error, rule
    assert returned["error_description"] == description
    state = change.get("state", "state-1")
    expected = ["state"] if state else []
    assert list(returned) == [*expected, "error", "error_description"]
    assert returned.get("state", "") == (state or "")


async def test_the_org_server_refuses_custom_scopes_in_words_of_its_own(visitor: Visitor) -> None:
    answer = await visitor.authorize({"scope": "openid messages.read"}, server="org")
    assert answer.returned == {
        "state": "state-1",
        "error": "invalid_scope",
        "error_description": "Custom scopes are not allowed for this request.",
    }


async def test_the_first_rule_that_is_broken_is_reported(visitor: Visitor) -> None:
    change = {"response_type": "bogus", "state": None, "scope": "made_up", "prompt": "bogus"}
    answer = await visitor.authorize(change)
    assert answer.returned["error"] == "unsupported_response_type"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "A-Z,a.z_0-9"},
        {"state": "a b"},
        {"state": 300 * "s"},
        {"nonce": None},
        {"code_challenge": 43 * "~"},
        {"code_challenge": 128 * "a"},
        {"scope": "openid openid email"},
        {"scope": "messages.read"},
        {"client_id": WEB, "code_challenge": None, "code_challenge_method": None},
        {"sessionToken": ""},
        {"prompt": ""},
        {"max_age": "10"},
        {"max_age": "0000000000010"},
        {"max_age": "99999999999"},
        {"max_age": 5000 * "9"},
        {"prompt": "select_account"},
        {"prompt": "create"},
        {"scope": "messages.read offline_access"},
        {"resource": ["https://one.example", "https://two.example"]},
        {
            "client_id": WEB,
            "code_challenge": None,
            "code_challenge_method": "S256",
        },
        {"ui_locales": "de", "unheard_of": "1"},
        {"response_type": "code code"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_is_unusual_but_right_is_granted(
    visitor: Visitor, method: str, change: Change
) -> None:
    await visitor.sign_in()
    returned = (await visitor.authorize(change, method=method)).returned
    assert list(returned) == ["code", "state"]


async def test_a_server_with_default_scopes_grants_them_when_none_is_asked(
    visitor: Visitor,
) -> None:
    tokens = await visitor.tokens({"scope": None}, server="rich")
    assert tokens["scope"] == "usual"
    assert "id_token" not in tokens


async def test_only_public_clients_need_pkce_for_implicit_no_client_does(visitor: Visitor) -> None:
    await visitor.sign_in()
    change = {
        "client_id": IMPLICIT_ONLY,
        "response_type": "id_token",
        "code_challenge": None,
        "code_challenge_method": None,
    }
    assert "id_token" in (await visitor.authorize(change)).returned


async def test_the_challenge_that_was_sent_is_the_one_that_counts(visitor: Visitor) -> None:
    code = await visitor.code({"code_challenge": CHALLENGE})
    assert (await visitor.redeem(code)).status == 200

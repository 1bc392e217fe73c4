"""Redeeming codes: a good request and the change that breaks it (facts/oauth D.4, D.5)."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.visiting import (
    APP,
    CALLBACK,
    CODE_ONLY,
    OTHER_SPA,
    OTHER_WEB,
    SECRET,
    SERVICE,
    SPA,
    VERIFIER,
    WEB,
    Change,
    Visitor,
    claims_of,
    half_hash,
)

SPENT = "The authorization code is invalid or has expired."
PKCE = "PKCE verification failed."
OTHER_REDIRECT = (
    "The 'redirect_uri' does not match the redirection URI used in the authorization request."
)
OTHER_CLIENT = (
    "The grant was issued to another client. Ensure that the 'client_id' matches the one used at "
    "the authorize request."
)
WEB_CODE: Change = {"client_id": WEB, "code_challenge": None, "code_challenge_method": None}
WEB_REDEEM: Change = {"client_id": WEB, "client_secret": SECRET, "code_verifier": None}


@pytest.mark.parametrize(
    ("change", "error", "description"),
    [
        ({"code": "made-up"}, "invalid_grant", SPENT),
        ({"code": None}, "invalid_request", "The token request must specify a 'code'."),
        ({"client_id": OTHER_SPA}, "invalid_grant", OTHER_CLIENT),
        ({"client_id": WEB, "client_secret": SECRET}, "invalid_grant", OTHER_CLIENT),
        ({"redirect_uri": f"{APP}/second"}, "invalid_grant", OTHER_REDIRECT),
        ({"redirect_uri": f"{CALLBACK}/"}, "invalid_grant", OTHER_REDIRECT),
        ({"redirect_uri": None}, "invalid_grant", OTHER_REDIRECT),
        ({"code_verifier": None}, "invalid_grant", PKCE),
        ({"code_verifier": VERIFIER + "x"}, "invalid_grant", PKCE),
        ({"code_verifier": "ü"}, "invalid_grant", PKCE),
        (
            {"grant_type": None},
            "invalid_request",
            "The token request must specify a 'grant_type'.",
        ),
        (
            {"code": ["made-up", "made-up"]},
            "invalid_request",
            "The token request has a repeated 'code' parameter.",
        ),
        (
            {"unheard_of": ["1", "2"]},
            "invalid_request",
            "The token request has a repeated 'unheard_of' parameter.",
        ),
    ],
)
async def test_a_request_that_is_wrong_is_refused_and_does_not_burn_the_code(
    visitor: Visitor, change: Change, error: str, description: str
) -> None:
    code = await visitor.code()
    answer = await visitor.redeem(code, change)
    assert answer.status == 400
    assert list(answer.json().items()) == [("error", error), ("error_description", description)]
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert (await visitor.redeem(code)).status == 200


async def test_an_unknown_grant_type_is_answered_with_those_there_are(visitor: Visitor) -> None:
    answer = await visitor.redeem("any", {"grant_type": "made_up"})
    assert (answer.status, answer.json()["error"]) == (400, "unsupported_grant_type")
    assert "authorization_code, refresh_token, " in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("client_id", "grant_type", "has"),
    [
        (CODE_ONLY, "refresh_token", "authorization_code"),
        (SPA, "client_credentials", "authorization_code, implicit, refresh_token"),
        (SERVICE, "authorization_code", "client_credentials"),
    ],
)
async def test_a_grant_type_that_the_client_has_not_is_refused(
    visitor: Visitor, client_id: str, grant_type: str, has: str
) -> None:
    secret = SECRET if client_id == SERVICE else None
    form = {"client_id": client_id, "client_secret": secret, "grant_type": grant_type}
    answer = await visitor.post("token", form)
    assert answer.status == 400
    assert answer.json() == {
        "error": "unauthorized_client",
        "error_description": "The client is not authorized to use the provided grant type. "
        f"Configured grant types: [{has}].",
    }


async def test_a_code_works_once(visitor: Visitor) -> None:
    code = await visitor.code()
    assert (await visitor.redeem(code)).status == 200
    again = await visitor.redeem(code)
    assert again.status == 400
    assert again.json() == {"error": "invalid_grant", "error_description": SPENT}


async def test_a_code_expires_after_five_minutes(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    first, second = await visitor.code(), await visitor.code()
    org.clock.advance(timedelta(seconds=299))
    assert (await visitor.redeem(first)).status == 200
    org.clock.advance(timedelta(seconds=1))
    assert (await visitor.redeem(second)).json()["error_description"] == SPENT


@pytest.mark.parametrize(("issued_at", "sent_to"), [("default", "rich"), ("default", "org")])
async def test_a_code_is_of_one_server(visitor: Visitor, issued_at: str, sent_to: str) -> None:
    code = await visitor.code({"scope": "openid"}, server=issued_at)
    assert (await visitor.redeem(code, server=sent_to)).json()["error_description"] == SPENT
    assert (await visitor.redeem(code, server=issued_at)).status == 200


async def test_a_confidential_client_needs_no_pkce(visitor: Visitor) -> None:
    code = await visitor.code(WEB_CODE)
    assert (await visitor.redeem(code, WEB_REDEEM)).status == 200


async def test_a_verifier_without_a_challenge_is_refused(visitor: Visitor) -> None:
    code = await visitor.code(WEB_CODE)
    answer = await visitor.redeem(code, {**WEB_REDEEM, "code_verifier": VERIFIER})
    assert answer.json() == {"error": "invalid_grant", "error_description": PKCE}


async def test_a_confidential_client_that_sent_a_challenge_is_held_to_it(visitor: Visitor) -> None:
    code = await visitor.code({"client_id": WEB})
    assert (await visitor.redeem(code, WEB_REDEEM)).json()["error_description"] == PKCE
    assert (await visitor.redeem(code, {**WEB_REDEEM, "code_verifier": VERIFIER})).status == 200


async def test_the_token_response_has_okta_s_order(visitor: Visitor) -> None:
    body = await visitor.tokens()
    assert list(body) == [
        "token_type",
        "expires_in",
        "access_token",
        "scope",
        "refresh_token",
        "id_token",
    ]
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"] == "openid profile email offline_access"


@pytest.mark.parametrize(
    ("change", "has_refresh_token", "has_id_token"),
    [
        ({"scope": "openid offline_access"}, True, True),
        ({"scope": "openid"}, False, True),
        ({"scope": "messages.read"}, False, False),
        ({"client_id": CODE_ONLY, "scope": "openid offline_access"}, False, True),
        ({"client_id": OTHER_WEB, "scope": "openid offline_access"}, False, True),
    ],
)
async def test_scopes_and_grant_types_decide_which_tokens_come(
    visitor: Visitor, *, change: Change, has_refresh_token: bool, has_id_token: bool
) -> None:
    body = await visitor.tokens(change)
    assert ("refresh_token" in body, "id_token" in body) == (has_refresh_token, has_id_token)
    assert body["scope"] == change["scope"]


async def test_the_id_token_of_a_code_is_thin_and_bound_to_the_access_token(
    visitor: Visitor,
) -> None:
    body = await visitor.tokens()
    claims = claims_of(body["id_token"])
    assert claims["at_hash"] == half_hash(body["access_token"])
    assert "c_hash" not in claims
    assert "given_name" not in claims


async def test_a_code_of_a_user_who_is_gone_is_invalid(visitor: Visitor) -> None:
    code = await visitor.code()
    user = {"login": "tester@example.com", "password": "another", "id": "00u1replaced0000000h7"}
    answer = await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    assert answer.status == 200, answer.text
    assert (await visitor.redeem(code)).json()["error_description"] == SPENT

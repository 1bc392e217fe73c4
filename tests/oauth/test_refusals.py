"""Refusals that no other table holds: by row of facts/oauth C.5, D.4 and K."""

import pytest

from tests.visiting import (
    CALLBACK,
    CHALLENGE,
    CODE_ONLY,
    OTHER_WEB,
    SECRET,
    SPA,
    Change,
    Visitor,
    basic,
)

OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
CUSTOM_AT_ORG = "Custom scopes are not allowed for this request."
PUSHED: Change = {
    "client_id": SPA,
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": CALLBACK,
    "state": "pushed-state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.mark.parametrize("scope", ["email", "address offline_access", "messages.read profile"])
async def test_a_pushed_request_for_openid_s_scopes_alone_is_forbidden(
    visitor: Visitor, scope: str
) -> None:
    """C.5, [OAS]: 403 where it is pushed, an error in the redirect elsewhere."""
    answer = await visitor.post("par", {**PUSHED, "scope": scope})
    assert answer.status == 403
    assert list(answer.json().items()) == [
        ("error", "access_denied"),
        ("error_description", OPENID),
    ]


@pytest.mark.parametrize(
    ("server", "scope"), [("org", "messages.read"), ("org", "openid made_up"), ("org", "device")]
)
async def test_the_org_server_refuses_custom_scopes_when_they_are_pushed(
    visitor: Visitor, server: str, scope: str
) -> None:
    answer = await visitor.post("par", {**PUSHED, "scope": scope}, server=server)
    assert answer.status == 400
    assert answer.json() == {"error": "invalid_scope", "error_description": CUSTOM_AT_ORG}


async def test_an_unknown_grant_type_is_reported_in_okta_s_words(visitor: Visitor) -> None:
    """D.4; the grants are those of the server, as the RFCs and Okta name them."""
    answer = await visitor.post("token", {"client_id": SPA, "grant_type": "made_up"})
    assert answer.status == 400
    assert answer.json() == {
        "error": "unsupported_grant_type",
        "error_description": "The authorization grant type is not supported by the authorization "
        "server. Configured grant types: [authorization_code, refresh_token, password, "
        "client_credentials, urn:ietf:params:oauth:grant-type:device_code, "
        "urn:ietf:params:oauth:grant-type:token-exchange, "
        "urn:ietf:params:oauth:grant-type:jwt-bearer, interaction_code].",
    }


@pytest.mark.parametrize("engine", ["classic"])
@pytest.mark.parametrize("client_id", [SPA, "0oa1nobody"])
async def test_interact_is_not_enabled_on_the_classic_engine(
    visitor: Visitor, client_id: str
) -> None:
    """okta-signin-widget, playground/mocks/data/oauth2/error-feature-not-enabled.json."""
    answer = await visitor.post("interact", {"client_id": client_id})
    assert answer.status == 400
    assert answer.json() == {
        "error": "access_denied",
        "error_description": "The requested feature is not enabled in this environment.",
    }


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token", "made_up"])
async def test_who_the_client_is_comes_before_what_it_asks(
    visitor: Visitor, grant_type: str
) -> None:
    """RFC 6749 3.2.1: a stranger learns nothing of grants."""
    answer = await visitor.post("token", {"client_id": OTHER_WEB, "grant_type": grant_type})
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


async def test_another_client_s_refresh_token_is_reported_to_the_letter(visitor: Visitor) -> None:
    """K.7: one string, compared exactly, for whatever is wrong with a refresh token."""
    token = (await visitor.tokens())["refresh_token"]
    changes: list[Change] = [{"client_id": "0oa2spa00000000000h7"}, {"refresh_token": "made-up"}]
    for change in changes:
        answer = await visitor.refresh(token, change)
        assert answer.body == (
            b'{"error":"invalid_grant",'
            b'"error_description":"The refresh token is invalid or expired."}'
        )


async def test_a_web_app_s_refresh_needs_its_secret(visitor: Visitor) -> None:
    """facts/oauth D.3: a refresh token without authentication does not work for a confidential
    client.
    """
    form = {"grant_type": "refresh_token", "refresh_token": "any", "client_id": OTHER_WEB}
    assert (await visitor.post("token", form)).json()["error"] == "invalid_client"
    headers = basic(OTHER_WEB, SECRET.replace("%", "%25").replace("+", "%2B"))
    answer = await visitor.post("token", form, headers=headers)
    assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize("prompt", ["none", "login"])
async def test_a_client_without_the_grant_is_reported_before_anybody_is_asked_to_sign_in(
    visitor: Visitor, prompt: str
) -> None:
    """C.3: the response type is checked before the session."""
    change: Change = {"client_id": CODE_ONLY, "response_type": "token", "prompt": prompt}
    answer = await visitor.authorize(change)
    assert answer.returned["error"] == "unsupported_response_type"


@pytest.mark.parametrize("path", ["authorize", "token", "keys", "par", "device/authorize"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_unknown_server_is_not_found_whatever_is_asked(
    visitor: Visitor, path: str, method: str
) -> None:
    """A.1: 404 E0000007, or 405 for a method that the endpoint has not."""
    answer = await visitor.ask(method, visitor.url(path, "nowhere"))
    if answer.status == 404:
        summary = "Not found: Resource not found: nowhere (AuthorizationServer)"
        assert answer.json()["errorSummary"] == summary
    else:
        assert (answer.status, answer.json()["errorCode"]) == (405, "E0000022")

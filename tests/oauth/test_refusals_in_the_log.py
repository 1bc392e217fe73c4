"""For each refused request one log line says which rule refused it, and what would allow it."""

import logging

import pytest

from tests.visiting import CODE_ONLY, IMPLICIT_ONLY, SECRET, SERVICE, SPA, WEB, Change, Visitor


def _lines(caplog: pytest.LogCaptureFixture, path: str) -> list[str]:
    messages = [r.getMessage() for r in caplog.records if r.name == "mock_okta.requests"]
    return [line for line in messages if path in line]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "0oa9"}, ("no client '0oa9'", "seed's clients")),
        ({"redirect_uri": "http://x.test/"}, ("'http://x.test/'", "login_redirect_uris")),
        ({"client_id": IMPLICIT_ONLY}, ("'authorization_code'", "grant_types")),
        ({"client_id": CODE_ONLY, "response_type": "token"}, ("'implicit'", "grant_types")),
        ({"scope": "openid made_up"}, ("no scope 'made_up'", "server 'default'", "seed")),
        ({"state": None}, ("invalid_request", "'state'")),
        ({"code_challenge": None, "code_challenge_method": None}, ("PKCE",)),
        ({"prompt": "none"}, ("login_required", "not logged in")),
        ({"sessionToken": "spent", "prompt": "none"}, ("sessionToken is unknown, used",)),
        ({"acr_values": "phr"}, ("the user proved pwd", "the client wants phr")),
    ],
)
async def test_a_refused_authorization_request_is_explained(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, change: Change, words: tuple[str, ...]
) -> None:
    if "prompt" not in change:
        await visitor.sign_in()
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        await visitor.authorize(change)
    (line,) = _lines(caplog, "/v1/authorize")
    assert all(word in line for word in words), line


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"client_id": "0oa9"}, ("no client '0oa9'", "seed's clients")),
        ({"client_id": WEB}, ("confidential", "send its secret")),
        ({"client_id": WEB, "client_secret": "wrong"}, ("the client_secret is wrong",)),
        ({"client_id": SPA, "client_secret": "any"}, ("public", "'web'")),
        (
            {"client_id": SERVICE, "client_secret": SECRET, "grant_type": "refresh_token"},
            ("'refresh_token'", SERVICE, "use one of type spa, web or native"),
        ),
        (
            {
                "client_id": SERVICE,
                "client_secret": SECRET,
                "grant_type": "client_credentials",
                "scope": "openid",
            },
            ("only gives custom scopes",),
        ),
        ({"client_id": SPA, "code": "unknown"}, ("invalid_grant", "invalid or has expired")),
    ],
)
async def test_a_refused_token_request_is_explained(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, form: Change, words: tuple[str, ...]
) -> None:
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        await visitor.post("token", {"grant_type": "authorization_code", **form})
    (line,) = _lines(caplog, "/v1/token")
    assert all(word in line for word in words), line


async def test_the_org_server_asked_for_by_its_id_is_refused_with_its_real_path(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        answer = await visitor.ask("GET", "/oauth2/org/v1/keys")
    assert answer.status == 404
    (line,) = _lines(caplog, "/oauth2/org/v1/keys")
    assert "the org authorization server is at /oauth2/v1" in line


async def test_no_log_line_holds_a_code_a_token_or_a_password(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "mock_okta"):
        session_token = await visitor.session_token()
        answer = await visitor.authorize({"sessionToken": session_token})
        code = answer.returned["code"]
        tokens = (await visitor.redeem(code)).json()
        await visitor.redeem(code)
    secrets = (session_token, code, tokens["access_token"], tokens["refresh_token"])
    assert caplog.records
    assert not any(secret in caplog.text for secret in secrets)

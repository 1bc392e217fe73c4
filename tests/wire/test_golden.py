"""Answers as they are on the wire, whole, each with the source that its form is from."""

import pytest

from tests.visiting import (
    LOGIN,
    OTHER_WEB,
    PASSWORD,
    SECRET,
    SPA,
    Answer,
    Change,
    Visitor,
    claims_of,
    header_of,
)
from tests.wire.golden import Golden, differences, parsed

BOTH_SCOPES = "openid profile email offline_access"


async def authn(visitor: Visitor) -> Answer:
    body = {
        "username": LOGIN,
        "password": PASSWORD,
        "options": {"multiOptionalFactorEnroll": False},
    }
    return await visitor.ask("POST", "/api/v1/authn", json=body)


async def authn_wrong(visitor: Visitor) -> Answer:
    body = {"username": LOGIN, "password": "wrong"}
    return await visitor.ask("POST", "/api/v1/authn", json=body)


async def no_session(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/api/v1/sessions/me")


async def own_session(visitor: Visitor) -> Answer:
    await visitor.sign_in()
    return await visitor.ask("GET", "/api/v1/sessions/me")


async def created_session(visitor: Visitor) -> Answer:
    body = {"sessionToken": await visitor.session_token()}
    return await visitor.ask("POST", "/api/v1/sessions", json=body)


async def bad_session_token(visitor: Visitor) -> Answer:
    return await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": "20111bad"})


async def no_body(visitor: Visitor) -> Answer:
    return await visitor.ask("POST", "/api/v1/sessions")


async def nobody(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/api/v1/users/me")


async def organization(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/.well-known/okta-organization")


async def keys(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", visitor.url("keys"))


async def token(visitor: Visitor) -> Answer:
    return await visitor.redeem(await visitor.code())


async def service_token(visitor: Visitor) -> Answer:
    form: Change = {
        "client_id": OTHER_WEB,
        "client_secret": SECRET,
        "grant_type": "client_credentials",
        "scope": "messages.read",
    }
    return await visitor.post("token", form)


async def spent_code(visitor: Visitor) -> Answer:
    return await visitor.redeem("spent")


async def spent_refresh_token(visitor: Visitor) -> Answer:
    return await visitor.refresh("spent")


async def unknown_client(visitor: Visitor) -> Answer:
    return await visitor.redeem("any", {"client_id": "0oa0nobody000000000h7"})


async def no_client(visitor: Visitor) -> Answer:
    return await visitor.redeem("any", {"client_id": None})


async def introspected(visitor: Visitor, kind: str) -> Answer:
    tokens = await visitor.tokens({"scope": BOTH_SCOPES})
    return await visitor.post("introspect", {"client_id": SPA, "token": tokens[kind]})


async def live_access_token(visitor: Visitor) -> Answer:
    return await introspected(visitor, "access_token")


async def live_refresh_token(visitor: Visitor) -> Answer:
    return await introspected(visitor, "refresh_token")


async def dead_token(visitor: Visitor) -> Answer:
    return await visitor.post("introspect", {"client_id": SPA, "token": "dead"})


async def no_token(visitor: Visitor) -> Answer:
    return await visitor.post("introspect", {"client_id": SPA})


async def userinfo(visitor: Visitor) -> Answer:
    tokens = await visitor.tokens({"scope": "openid profile email"}, server="org")
    return await visitor.userinfo(tokens["access_token"], server="org")


async def discovery_client(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/.well-known/openid-configuration?client_id=nobody")


async def unknown_server(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/oauth2/aus1nowhere00000000/.well-known/openid-configuration")


async def wrong_method(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", visitor.url("token"))


async def wrong_content_type(visitor: Visitor) -> Answer:
    return await visitor.ask("POST", visitor.url("token"), json={})


async def unknown_path(visitor: Visitor) -> Answer:
    return await visitor.ask("GET", "/no/such/path")


SESSION = """{
  "id": "<session id>", "userId": "00u1tester00000000h7", "login": "tester@example.com",
  "createdAt": "<instant>", "expiresAt": "<instant>", "status": "ACTIVE",
  "lastPasswordVerification": "<instant>", "lastFactorVerification": null, "amr": ["pwd"],
  "idp": {"id": "<org id>", "type": "OKTA"}, "mfaActive": false,
  "_links": {
    "self": {
      "href": "<org>/api/v1/sessions/me", "hints": {"allow": ["GET", "DELETE"]}
    },
    "refresh": {
      "href": "<org>/api/v1/sessions/me/lifecycle/refresh", "hints": {"allow": ["POST"]}
    },
    "user": {
      "name": "Test User", "href": "<org>/api/v1/users/me", "hints": {"allow": ["GET"]}
    }
  }
}"""


def okta_error(code: str, summary: str, *causes: str) -> str:
    listed = ", ".join(f'{{"errorSummary": "{cause}"}}' for cause in causes)
    return f"""{{
      "errorCode": "{code}", "errorSummary": "{summary}", "errorLink": "{code}",
      "errorId": "<error id>", "errorCauses": [{listed}]
    }}"""


def oauth_error(error: str, description: str) -> str:
    return f'{{"error": "{error}", "error_description": "{description}"}}'


GOLDEN = (
    Golden(
        "authn SUCCESS",
        "the widget's requests traced (3.2.2); Okta Authentication API, transaction model",
        authn,
        200,
        """{
          "expiresAt": "<instant>", "status": "SUCCESS", "sessionToken": "<session token>",
          "_embedded": {"user": {
            "id": "00u1tester00000000h7", "passwordChanged": "<instant>",
            "profile": {
              "login": "tester@example.com", "firstName": "Test", "lastName": "User",
              "locale": "en_US", "timeZone": "America/Los_Angeles"
            }
          }}
        }""",
    ),
    Golden(
        "authn with a wrong password",
        "the widget's requests traced; Okta error codes",
        authn_wrong,
        401,
        okta_error("E0000004", "Authentication failed"),
    ),
    Golden(
        "sessions/me",
        "okta-sdk-python, cassette test_sessions_it (recorded 2025)",
        own_session,
        200,
        SESSION,
    ),
    Golden(
        "a session created from a session token",
        "okta-sdk-python, cassette test_sessions_it (recorded 2025)",
        created_session,
        200,
        SESSION,
    ),
    Golden(
        "sessions/me without a session",
        "okta-auth-js, test/support/xhr/error-session-not-found.js",
        no_session,
        404,
        okta_error("E0000007", "Not found: Resource not found: me (Session)"),
    ),
    Golden(
        "a session token that is used",
        "okta-sdk-python, cassette test_sessions_it; Okta Sessions API",
        bad_session_token,
        401,
        okta_error("E0000004", "Authentication failed"),
    ),
    Golden(
        "a session from no body",
        "Okta Sessions API; okta-sdk-python, cassette test_sessions_it",
        no_body,
        400,
        okta_error("E0000003", "The request body was not well-formed."),
    ),
    Golden(
        "users/me without a session",
        "Okta guide 'Enable CORS'; Okta error codes",
        nobody,
        403,
        okta_error("E0000005", "Invalid session"),
    ),
    Golden(
        "okta-organization",
        "Okta Management API, /.well-known/okta-organization",
        organization,
        200,
        '{"id": "<org id>", "_links": {"organization": {"href": "<org>"}}, "pipeline": "v1"}',
    ),
    Golden(
        "keys",
        "recorded traffic of a custom authorization server (2026); RFC 7517",
        keys,
        200,
        """{"keys": [{
          "kty": "RSA", "alg": "RS256", "kid": "<opaque>", "use": "sig", "e": "AQAB",
          "n": "<modulus>"
        }]}""",
    ),
    Golden(
        "tokens for a code",
        "recorded traffic of a custom authorization server (2026); RFC 6749 5.1",
        token,
        200,
        """{
          "token_type": "Bearer", "expires_in": 3600, "access_token": "<JWT>",
          "scope": "openid profile email offline_access", "refresh_token": "<opaque>",
          "id_token": "<JWT>"
        }""",
    ),
    Golden(
        "a token for a service",
        "okta-sdk-python, cassette test_dpop_it (recorded 2026); RFC 6749 4.4.3",
        service_token,
        200,
        """{
          "token_type": "Bearer", "expires_in": 3600, "access_token": "<JWT>",
          "scope": "messages.read"
        }""",
    ),
    Golden(
        "a spent code",
        "Okta OAuth API specification 2026.06; RFC 6749 5.2",
        spent_code,
        400,
        oauth_error("invalid_grant", "The authorization code is invalid or has expired."),
    ),
    Golden(
        "a spent refresh token",
        "okta-auth-js, lib/oidc/util/errors.ts, which compares it to the letter",
        spent_refresh_token,
        400,
        oauth_error("invalid_grant", "The refresh token is invalid or expired."),
    ),
    Golden(
        "an unknown client",
        "reports of the live service: Okta's object with a textual code",
        unknown_client,
        401,
        okta_error("invalid_client", "Invalid value for 'client_id' parameter."),
    ),
    Golden(
        "no client",
        "Okta OIDC reference; Okta OAuth API specification 2026.06",
        no_client,
        401,
        oauth_error("invalid_client", "No client credentials found."),
    ),
    Golden(
        "introspection of an access token",
        "recorded traffic of a custom authorization server (2026); RFC 7662 2.2",
        live_access_token,
        200,
        """{
          "active": true, "scope": "openid profile email offline_access",
          "username": "tester@example.com", "exp": "<seconds>", "iat": "<seconds>",
          "sub": "tester@example.com", "aud": "api://default", "iss": "<org>/oauth2/default",
          "jti": "AT.<opaque>.<refresh token id>", "token_type": "Bearer",
          "client_id": "0oa1spa00000000000h7", "uid": "00u1tester00000000h7"
        }""",
    ),
    Golden(
        "introspection of a refresh token",
        "Okta OIDC reference; RFC 7662 2.2",
        live_refresh_token,
        200,
        """{
          "active": true, "token_type": "Bearer", "scope": "openid profile email offline_access",
          "client_id": "0oa1spa00000000000h7", "username": "tester@example.com",
          "exp": "<seconds>", "sub": "tester@example.com"
        }""",
    ),
    Golden(
        "introspection of a dead token",
        "Okta OIDC reference; RFC 7662 2.2",
        dead_token,
        200,
        '{"active": false}',
    ),
    Golden(
        "introspection of nothing",
        "Okta OAuth API specification 2026.06",
        no_token,
        400,
        oauth_error("invalid_request", "The 'token' parameter is required."),
    ),
    Golden(
        "userinfo",
        "recorded traffic of the org authorization server; OIDC Core 5.3.2",
        userinfo,
        200,
        """{
          "sub": "00u1tester00000000h7", "name": "Test User", "locale": "en-US",
          "email": "tester@example.com", "preferred_username": "tester@example.com",
          "given_name": "Test", "middle_name": "Middle", "family_name": "User",
          "nickname": "Testy", "profile": "https://example.com/tester",
          "zoneinfo": "America/Los_Angeles", "updated_at": "<seconds>", "email_verified": true
        }""",
    ),
    Golden(
        "discovery for an unknown client",
        "Okta OAuth API specification 2026.06",
        discovery_client,
        400,
        okta_error("invalid_client", "Invalid value for 'client_id' parameter."),
    ),
    Golden(
        "an unknown authorization server",
        "okta-sdk-python, cassette test_auth_server_it; Okta OAuth API specification 2026.06",
        unknown_server,
        404,
        okta_error(
            "E0000007",
            "Not found: Resource not found: aus1nowhere00000000 (AuthorizationServer)",
        ),
    ),
    Golden(
        "a method that is not served",
        "okta-sdk-python, cassette test_sessions_it; Okta error codes",
        wrong_method,
        405,
        okta_error("E0000022", "The endpoint does not support the provided HTTP method"),
    ),
    Golden(
        "a content type that is not taken",
        "Okta error codes (two spaces after the full stop)",
        wrong_content_type,
        400,
        okta_error(
            "E0000021",
            "Bad request.  Accept and/or Content-Type headers likely do not match supported "
            "values.",
        ),
    ),
    Golden(
        "a path that is not served",
        "Okta error codes; that a cause says whose the path is, is a deviation",
        unknown_path,
        404,
        okta_error("E0000008", "The requested path was not found", "this is not a path of Okta"),
    ),
)


@pytest.mark.parametrize("engine", ["classic"])
@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden.name) for golden in GOLDEN])
async def test_an_answer_has_its_golden_body(visitor: Visitor, golden: Golden) -> None:
    answer = await golden.ask(visitor)
    assert answer.status == golden.status, answer.text
    found = list(differences(answer.json(), parsed(golden.body), visitor.org.url))
    assert found == [], f"{golden.name}, as {golden.source} has it"


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden.name) for golden in GOLDEN])
async def test_an_answer_has_okta_s_headers(visitor: Visitor, golden: Golden) -> None:
    headers = (await golden.ask(visitor)).headers
    assert headers["Content-Type"] == "application/json"
    assert len(headers["X-Okta-Request-Id"]) == 32
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    decorative = {"Server", "P3P", "Accept-CH", "WWW-Authenticate", "X-Frame-Options"}
    assert decorative.isdisjoint(headers)
    if golden.ask is not keys:
        assert headers["Cache-Control"] == "no-cache, no-store"
        assert (headers["Pragma"], headers["Expires"]) == ("no-cache", "0")


# Tokens: recorded traffic of a custom authorization server (2026) and of org ones.

TOKENS = [
    (
        "default",
        "access_token",
        '{"kid": "<opaque>", "alg": "RS256"}',
        """{
          "ver": 1, "jti": "AT.<opaque>.<refresh token id>", "iss": "<org>/oauth2/default",
          "aud": "api://default", "iat": "<seconds>", "exp": "<seconds>",
          "cid": "0oa1spa00000000000h7", "uid": "00u1tester00000000h7",
          "scp": ["openid", "profile", "email", "offline_access"], "auth_time": "<seconds>",
          "sub": "tester@example.com"
        }""",
    ),
    (
        "default",
        "id_token",
        '{"kid": "<opaque>", "alg": "RS256"}',
        """{
          "sub": "00u1tester00000000h7", "name": "Test User", "email": "tester@example.com",
          "ver": 1, "iss": "<org>/oauth2/default", "aud": "0oa1spa00000000000h7",
          "iat": "<seconds>", "exp": "<seconds>", "jti": "ID.<opaque>", "amr": ["pwd"],
          "idp": "<org id>", "nonce": "nonce-1", "preferred_username": "tester@example.com",
          "auth_time": "<seconds>", "at_hash": "<half hash>"
        }""",
    ),
    (
        "org",
        "access_token",
        '{"kid": "<opaque>", "typ": "application/okta-internal-at+jwt", "alg": "RS256"}',
        """{
          "ver": 1, "jti": "AT.<opaque>.<refresh token id>", "iss": "<org>", "aud": "<org>",
          "sub": "tester@example.com", "iat": "<seconds>", "exp": "<seconds>",
          "cid": "0oa1spa00000000000h7", "uid": "00u1tester00000000h7",
          "scp": ["openid", "profile", "email", "offline_access"], "auth_time": "<seconds>"
        }""",
    ),
]


@pytest.mark.parametrize(("server", "kind", "header", "claims"), TOKENS)
async def test_a_token_has_its_golden_header_and_claims(
    visitor: Visitor, server: str, kind: str, header: str, claims: str
) -> None:
    token = (await visitor.tokens(server=server))[kind]
    org = visitor.org.url
    assert list(differences(header_of(token), parsed(header), org)) == []
    assert list(differences(claims_of(token), parsed(claims), org)) == []


# The comparison itself can fail.


@pytest.mark.parametrize(
    ("found", "golden"),
    [
        ({"a": 1, "b": 2}, '{"b": 2, "a": 1}'),
        ({"a": 1}, '{"a": 1, "b": 2}'),
        ({"a": 1, "b": 2}, '{"a": 1}'),
        ({"a": [1, 2]}, '{"a": [1]}'),
        ({"a": 1}, '{"a": true}'),
        ({"a": "oaeshort"}, '{"a": "<error id>"}'),
        ({"a": "1790000000"}, '{"a": "<seconds>"}'),
        ({"a": "http://localhost:1/b"}, '{"a": "<org>/b"}'),
        ([], "{}"),
    ],
)
def test_what_differs_is_reported(found: object, golden: str) -> None:
    assert len(list(differences(found, parsed(golden), "http://localhost:2"))) == 1

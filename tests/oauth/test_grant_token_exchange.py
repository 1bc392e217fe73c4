"""Token exchange on behalf of a user (RFC 8693; facts/oauth D.10)."""

from datetime import timedelta

import pytest

from mock_okta import (
    Config,
    MockOkta,
    Scope,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
)
from tests.visiting import (
    CALLBACK,
    LOGIN,
    SECRET,
    SEED,
    SPA,
    USER_ID,
    Answer,
    Change,
    Visitor,
    claims_of,
)

SERVICE, PLAIN_SERVICE = "0oa1svc00000000000h7", "0oa2svc00000000000h7"
GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
BAD_TOKEN = "The 'subject_token' is invalid or has expired."
UNKNOWN = "One or more scopes are not configured for the authorization server resource."
NOT_AUTHORIZED = (
    "The client is not authorized to use the provided grant type. "
    "Configured grant types: [client_credentials]."
)
GOOD: Change = {
    "grant_type": GRANT,
    "client_id": SERVICE,
    "client_secret": SECRET,
    "subject_token_type": ACCESS_TOKEN,
    "audience": "api://default",
    "scope": "next.read",
}


@pytest.fixture
def config() -> Config:
    scopes = (Scope(name="next.read"),)
    code_only = SeedPolicy(rules=(SeedRule(grant_types=("authorization_code",)),))
    return Config(
        seed=Seed(
            users=SEED.users,
            clients=(
                SeedClient(name="SPA", type="spa", client_id=SPA, login_redirect_uris=(CALLBACK,)),
                SeedClient(
                    name="Service",
                    type="service",
                    client_id=SERVICE,
                    client_secret=SECRET,
                    grant_types=("client_credentials", GRANT),
                ),
                SeedClient(
                    name="Plain service",
                    type="service",
                    client_id=PLAIN_SERVICE,
                    client_secret=SECRET,
                ),
            ),
            authorization_servers=(
                SeedAuthorizationServer(
                    id="default", scopes=scopes, trusted_servers=("friend", "gone")
                ),
                SeedAuthorizationServer(id="friend", scopes=scopes, audiences=("api://friend",)),
                SeedAuthorizationServer(id="gone", scopes=scopes),
                SeedAuthorizationServer(id="stranger", scopes=scopes),
                SeedAuthorizationServer(id="strict", scopes=scopes, policies=(code_only,)),
            ),
        )
    )


async def _subject(visitor: Visitor, server: str = "default") -> str:
    tokens = await visitor.tokens({"scope": "openid profile"}, server=server)
    token: str = tokens["access_token"]
    return token


async def _exchange(
    visitor: Visitor, subject: str | None, change: Change | None = None, server: str = "default"
) -> Answer:
    form = {**GOOD, "subject_token": subject, **(change or {})}
    return await visitor.post("token", form, server=server)


@pytest.mark.parametrize("issuer", ["default", "friend"])
async def test_a_service_gets_a_token_of_its_own_for_the_same_user(
    visitor: Visitor, issuer: str
) -> None:
    subject = await _subject(visitor, issuer)
    await visitor.ask("DELETE", "/_mock/authorization_servers/gone")
    body = (await _exchange(visitor, subject)).json()
    assert list(body) == [
        *("token_type", "expires_in", "access_token", "scope", "issued_token_type")
    ]
    assert body["issued_token_type"] == ACCESS_TOKEN
    claims, before = claims_of(body["access_token"]), claims_of(subject)
    assert (claims["sub"], claims["uid"], claims["cid"]) == (LOGIN, USER_ID, SERVICE)
    assert claims["scp"] == ["next.read"]
    assert claims["auth_time"] == before["auth_time"]
    assert claims["jti"] != before["jti"]
    assert claims["aud"] == "api://default"
    assert (await visitor.introspect(body["access_token"]))["username"] == LOGIN


@pytest.mark.parametrize("audience", [None, ["api://default", "api://default"]])
async def test_the_audience_may_be_left_out_or_repeated(
    visitor: Visitor, audience: list[str] | None
) -> None:
    """RFC 8693 2.1."""
    answer = await _exchange(visitor, await _subject(visitor), {"audience": audience})
    assert claims_of(answer.json()["access_token"])["aud"] == "api://default"


async def test_when_the_user_signed_in_does_not_move(org: MockOkta, visitor: Visitor) -> None:
    subject = await _subject(visitor)
    org.clock.advance(timedelta(minutes=30))
    claims = claims_of((await _exchange(visitor, subject)).json()["access_token"])
    assert claims["auth_time"] == claims_of(subject)["auth_time"]
    assert claims["iat"] - claims["auth_time"] >= 30 * 60


async def test_the_token_may_be_exchanged_again(visitor: Visitor) -> None:
    first = (await _exchange(visitor, await _subject(visitor))).json()["access_token"]
    second = (await _exchange(visitor, first)).json()["access_token"]
    assert claims_of(second)["uid"] == USER_ID


@pytest.mark.parametrize(
    ("change", "error", "description"),
    [
        (
            {"subject_token": None},
            "invalid_request",
            "The token request must specify a 'subject_token'.",
        ),
        ({"subject_token": "no.jwt.here"}, "invalid_request", BAD_TOKEN),
        (
            {"subject_token_type": None},
            "invalid_request",
            f"The 'subject_token_type' must be '{ACCESS_TOKEN}'.",
        ),
        (
            {"subject_token_type": ID_TOKEN},
            "invalid_request",
            f"The 'subject_token_type' must be '{ACCESS_TOKEN}'.",
        ),
        (
            {"requested_token_type": ID_TOKEN},
            "invalid_request",
            f"The 'requested_token_type' must be '{ACCESS_TOKEN}'.",
        ),
        (
            {"audience": "api://friend"},
            "invalid_target",
            "The 'audience' must be an audience of the authorization server.",
        ),
        ({"scope": "openid"}, "invalid_scope", UNKNOWN),
        ({"scope": "next.read offline_access"}, "invalid_scope", UNKNOWN),
        ({"scope": "made_up"}, "invalid_scope", UNKNOWN),
        (
            {"client_id": PLAIN_SERVICE},
            "unauthorized_client",
            NOT_AUTHORIZED,
        ),
    ],
)
async def test_what_is_refused(
    visitor: Visitor, change: Change, error: str, description: str
) -> None:
    answer = await _exchange(visitor, await _subject(visitor), change)
    assert answer.status == 400
    assert answer.json() == {"error": error, "error_description": description}


async def test_only_live_access_tokens_of_users_and_trusted_servers_count(
    org: MockOkta, visitor: Visitor
) -> None:
    tokens = await visitor.tokens({"scope": "openid"})
    service = {**GOOD, "grant_type": "client_credentials", "subject_token_type": None}
    nobody_s = (await visitor.post("token", service)).json()["access_token"]
    revoked = await _subject(visitor)
    assert (await visitor.post("revoke", {"client_id": SPA, "token": revoked})).status == 200
    for subject in (
        tokens["id_token"],
        nobody_s,
        revoked,
        await _subject(visitor, "stranger"),
        await _subject(visitor, "org"),
    ):
        answer = await _exchange(visitor, subject)
        assert answer.json() == {"error": "invalid_request", "error_description": BAD_TOKEN}
    org.clock.advance(timedelta(hours=1))
    assert (await _exchange(visitor, tokens["access_token"])).status == 400


async def test_trust_goes_one_way(visitor: Visitor) -> None:
    subject = await _subject(visitor)
    answer = await _exchange(visitor, subject, {"audience": "api://friend"}, "friend")
    assert answer.json()["error"] == "invalid_request"


async def test_policy_must_cover_the_grant(visitor: Visitor) -> None:
    answer = await _exchange(visitor, await _subject(visitor, "strict"), server="strict")
    assert (answer.status, answer.json()["error"]) == (400, "access_denied")


async def test_the_org_server_does_not_exchange(visitor: Visitor) -> None:
    answer = await _exchange(visitor, await _subject(visitor, "org"), server="org")
    assert (answer.status, answer.json()["error"]) == (400, "unsupported_grant_type")

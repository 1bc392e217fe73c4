"""The grant `password` (RFC 6749 4.3; facts/oauth D.8): a good request, and each change to it."""

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
    OTHER_LOGIN,
    PASSWORD,
    SECRET,
    SEED,
    USER_ID,
    Answer,
    Change,
    Visitor,
    claims_of,
)

NATIVE, WEB, CODE_ONLY = "0oa1nat00000000000h7", "0oa1web00000000000h7", "0oa1cod00000000000h7"
ASSIGNED = "0oa1ass00000000000h7"
WRONG = "The credentials provided were invalid."
NO_SCOPES = "No scopes were requested."
POLICY = "Policy evaluation failed for this request, please check the policy configurations."
OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
NOT_AUTHORIZED = (
    "The client is not authorized to use the provided grant type. "
    "Configured grant types: [authorization_code, refresh_token]."
)
GOOD: Change = {
    "grant_type": "password",
    "client_id": NATIVE,
    "username": LOGIN,
    "password": PASSWORD,
    "scope": "openid profile offline_access",
}


@pytest.fixture
def config() -> Config:
    code_only = SeedPolicy(rules=(SeedRule(grant_types=("authorization_code",)),))
    return Config(
        seed=Seed(
            users=SEED.users,
            clients=(
                SeedClient(
                    name="Native",
                    type="native",
                    client_id=NATIVE,
                    login_redirect_uris=(CALLBACK,),
                    grant_types=("password", "refresh_token"),
                ),
                SeedClient(
                    name="Web",
                    type="web",
                    client_id=WEB,
                    client_secret=SECRET,
                    grant_types=("password",),
                ),
                SeedClient(name="Code", type="native", client_id=CODE_ONLY),
                SeedClient(
                    name="Assigned",
                    type="native",
                    client_id=ASSIGNED,
                    grant_types=("password",),
                    assigned_users=(OTHER_LOGIN,),
                ),
            ),
            authorization_servers=(
                SeedAuthorizationServer(id="default", scopes=(Scope(name="usual", default=True),)),
                SeedAuthorizationServer(id="strict", policies=(code_only,)),
            ),
        )
    )


async def _ask(visitor: Visitor, change: Change, server: str = "default") -> Answer:
    return await visitor.post("token", {**GOOD, **change}, server=server)


@pytest.mark.parametrize("server", ["default", "org"])
async def test_the_tokens_are_those_of_the_code_flow(
    org: MockOkta, visitor: Visitor, server: str
) -> None:
    body = (await _ask(visitor, {}, server)).json()
    assert list(body) == [
        *("token_type", "expires_in", "access_token", "scope", "refresh_token", "id_token")
    ]
    claims, about = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (claims["sub"], claims["uid"], claims["cid"]) == (LOGIN, USER_ID, NATIVE)
    assert claims["scp"] == ["openid", "profile", "offline_access"]
    assert (about["sub"], about["aud"], about["amr"]) == (USER_ID, NATIVE, ["pwd"])
    assert abs(about["auth_time"] - org.clock.epoch()) <= 1
    assert "nonce" not in about
    change = {"client_id": NATIVE}
    renewed = await visitor.refresh(body["refresh_token"], change, server=server)
    assert renewed.status == 200


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"scope": "openid"}, {"id_token"}),
        ({"scope": "usual"}, set()),
        ({"scope": None}, set()),
        ({"scope": "usual offline_access"}, {"refresh_token"}),
        ({"username": LOGIN.upper(), "scope": "openid"}, {"id_token"}),
        ({"client_id": WEB, "client_secret": SECRET}, {"id_token"}),
    ],
)
async def test_scopes_and_the_clients_grants_decide_what_comes(
    visitor: Visitor, change: Change, names: set[str]
) -> None:
    body = (await _ask(visitor, change)).json()
    assert body.keys() - {"token_type", "expires_in", "access_token", "scope"} == names


@pytest.mark.parametrize(
    ("server", "change", "error", "description"),
    [
        ("default", {"password": "wrong"}, "invalid_grant", WRONG),
        ("default", {"username": "nobody@example.com"}, "invalid_grant", WRONG),
        ("strict", {"scope": None}, "invalid_scope", NO_SCOPES),
        ("org", {"scope": None}, "invalid_scope", NO_SCOPES),
        ("default", {"scope": "profile"}, "access_denied", OPENID),
        (
            "default",
            {"scope": "openid made_up"},
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ),
        (
            "default",
            {"username": None},
            "invalid_request",
            "The token request must specify a 'username'.",
        ),
        (
            "default",
            {"password": None},
            "invalid_request",
            "The token request must specify a 'password'.",
        ),
        (
            "default",
            {"client_id": CODE_ONLY},
            "unauthorized_client",
            NOT_AUTHORIZED,
        ),
        (
            "default",
            {"client_id": ASSIGNED},
            "access_denied",
            "User is not assigned to the client application.",
        ),
        ("strict", {"scope": "openid"}, "access_denied", POLICY),
    ],
)
async def test_what_is_refused(
    visitor: Visitor, server: str, change: Change, error: str, description: str
) -> None:
    answer = await _ask(visitor, change, server)
    assert answer.status == 400
    assert answer.json() == {"error": error, "error_description": description}


async def test_a_refusal_needs_the_client_s_own_proof_first(visitor: Visitor) -> None:
    answer = await _ask(visitor, {"client_id": WEB, "client_secret": "wrong"})
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")

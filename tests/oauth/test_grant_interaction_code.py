"""Redeeming interaction codes: a good request and the change that breaks it."""

import asyncio
from datetime import timedelta

import aiohttp
import msgspec
import pytest

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    Scope,
    SeedAuthorizationServer,
    SeedPolicy,
    SeedRule,
)
from mock_okta.model.directory import UserStatus
from mock_okta.storage import Storage
from tests.oauth.holding import Holder
from tests.oauth.interacting import (
    GRANT,
    NATIVE,
    App,
    interacting,
    keep_storage,
    with_client,
    with_server,
)
from tests.oauth.racing import CALLERS, leaky_storage, racing
from tests.visiting import (
    APP,
    IMPLICIT_ONLY,
    LOGIN,
    OTHER_LOGIN,
    OTHER_SPA,
    SECRET,
    SPA,
    USER_ID,
    VERIFIER,
    WEB,
    Change,
    claims_of,
    half_hash,
)

SPENT = "The interaction code is invalid or has expired."
PKCE = "PKCE verification failed."
OTHER_REDIRECT = (
    "The 'redirect_uri' does not match the redirection URI used in the authorization request."
)
OTHER_CLIENT = (
    "The grant was issued to another client. Ensure that the 'client_id' matches the one used at "
    "the authorize request."
)
NOT_ASSIGNED = "User is not assigned to the client application."
POLICY_REFUSED = (
    "Policy evaluation failed for this request, please check the policy configurations."
)
OF_WEB: Change = {"client_id": WEB, "code_challenge": None, "code_challenge_method": None}
BY_WEB: Change = {"client_id": WEB, "client_secret": SECRET, "code_verifier": None}

pytestmark = pytest.mark.usefixtures("storages")


@pytest.fixture
def config() -> Config:
    return interacting()


@pytest.mark.parametrize("server", ["default", "rich", "org"])
async def test_a_code_gives_the_tokens_that_were_asked_for(app: App, server: str) -> None:
    body = await app.tokens(server=server)
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
    issuer = app.org.url if server == "org" else f"{app.org.url}/oauth2/{server}"
    for token in (body["access_token"], body["id_token"]):
        assert claims_of(token)["iss"] == issuer
    renewed = await app.visitor.refresh(body["refresh_token"], server=server)
    assert renewed.status == 200, renewed.text


async def test_the_id_token_says_who_proved_what_and_when(app: App) -> None:
    app.org.clock.freeze()
    signed_in_at = app.org.clock.now() - timedelta(minutes=3)
    body = await app.tokens(
        {"acr_values": "urn:okta:loa:2fa:any", "nonce": "nonce-of-mine"},
        amr=("pwd", "otp", "mfa"),
        authenticated_at=signed_in_at,
        idp_id="0oa1idp00000000000h7",
    )
    claims = claims_of(body["id_token"])
    assert claims["sub"] == USER_ID
    assert claims["aud"] == SPA
    assert claims["nonce"] == "nonce-of-mine"
    assert claims["acr"] == "urn:okta:loa:2fa:any"
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert claims["auth_time"] == int(signed_in_at.timestamp())
    assert claims["idp"] == "0oa1idp00000000000h7"
    assert claims["at_hash"] == half_hash(body["access_token"])
    assert "given_name" not in claims


async def test_an_interaction_without_a_nonce_gives_an_id_token_without_one(app: App) -> None:
    assert "nonce" not in claims_of((await app.tokens({"nonce": None}))["id_token"])


@pytest.mark.parametrize(
    ("scope", "has_refresh_token", "has_id_token"),
    [
        ("openid offline_access", True, True),
        ("openid", False, True),
        ("messages.read", False, False),
    ],
)
async def test_scopes_decide_which_tokens_come(
    app: App, *, scope: str, has_refresh_token: bool, has_id_token: bool
) -> None:
    body = await app.tokens({"scope": scope})
    assert ("refresh_token" in body, "id_token" in body) == (has_refresh_token, has_id_token)
    assert body["scope"] == scope


async def test_a_client_without_the_grant_of_refresh_tokens_gets_none(app: App) -> None:
    code = await app.code({"client_id": NATIVE})
    body = (await app.redeem(code, {"client_id": NATIVE})).json()
    assert "id_token" in body
    assert "refresh_token" not in body


@pytest.mark.parametrize(
    ("change", "error", "description"),
    [
        ({"interaction_code": "made-up"}, "invalid_grant", SPENT),
        (
            {"interaction_code": None},
            "invalid_request",
            "The token request must specify an 'interaction_code'.",
        ),
        ({"client_id": OTHER_SPA}, "invalid_grant", OTHER_CLIENT),
        ({"client_id": WEB, "client_secret": SECRET}, "invalid_grant", OTHER_CLIENT),
        ({"redirect_uri": f"{APP}/second"}, "invalid_grant", OTHER_REDIRECT),
        ({"code_verifier": None}, "invalid_grant", PKCE),
        ({"code_verifier": VERIFIER + "x"}, "invalid_grant", PKCE),
    ],
)
async def test_a_request_that_is_wrong_is_refused_and_does_not_burn_the_code(
    app: App, change: Change, error: str, description: str
) -> None:
    code = await app.code()
    answer = await app.redeem(code, change)
    assert answer.status == 400
    assert list(answer.json().items()) == [("error", error), ("error_description", description)]
    assert (await app.redeem(code)).status == 200


async def test_the_redirect_uri_may_be_left_out(app: App) -> None:
    """Okta's server-side SDKs do so."""
    assert (await app.redeem(await app.code(), {"redirect_uri": None})).status == 200


async def test_an_interaction_code_is_no_authorization_code_and_the_other_way_round(
    app: App,
) -> None:
    code = await app.code()
    mistaken = {"grant_type": "authorization_code", "interaction_code": None, "code": code}
    assert (await app.redeem(code, mistaken)).json()["error"] == "invalid_grant"
    of_authorize = await app.visitor.code()
    assert (await app.redeem(of_authorize)).json()["error_description"] == SPENT
    assert (await app.visitor.redeem(of_authorize)).status == 200
    assert (await app.redeem(code)).status == 200


async def test_a_client_without_the_grant_is_refused(app: App) -> None:
    answer = await app.redeem("any", {"client_id": IMPLICIT_ONLY})
    assert (answer.status, answer.json()["error"]) == (400, "unauthorized_client")


async def test_a_code_expires_after_its_minute(org: MockOkta, app: App) -> None:
    org.clock.freeze()
    first, second = await app.code(), await app.code()
    org.clock.advance(timedelta(seconds=59))
    assert (await app.redeem(first)).status == 200
    org.clock.advance(timedelta(seconds=1))
    assert (await app.redeem(second)).json() == {
        "error": "invalid_grant",
        "error_description": SPENT,
    }


@pytest.mark.parametrize(("issued_at", "sent_to"), [("default", "rich"), ("org", "default")])
async def test_a_code_is_of_one_server(app: App, issued_at: str, sent_to: str) -> None:
    code = await app.code({"scope": "openid"}, server=issued_at)
    assert (await app.redeem(code, server=sent_to)).json()["error_description"] == SPENT
    assert (await app.redeem(code, server=issued_at)).status == 200


async def test_a_confidential_client_authenticates_itself_here(app: App) -> None:
    code = await app.code(OF_WEB)
    refused = await app.redeem(code, {**BY_WEB, "client_secret": None})
    assert (refused.status, refused.json()["error"]) == (401, "invalid_client")
    assert (await app.redeem(code, BY_WEB)).status == 200


async def test_a_confidential_client_that_sent_a_challenge_is_held_to_it(app: App) -> None:
    code = await app.code({"client_id": WEB})
    assert (await app.redeem(code, BY_WEB)).json()["error_description"] == PKCE
    assert (await app.redeem(code, {**BY_WEB, "code_verifier": VERIFIER})).status == 200


async def test_a_page_redeems_its_code_and_reads_the_tokens(app: App) -> None:
    answer = await app.redeem(await app.code(), headers={"Origin": APP})
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_tokens_are_bound_to_the_key_of_a_proof(app: App, holder: Holder) -> None:
    code = await app.code()
    proof = {"DPoP": holder.proof(app.visitor.url("token"))}
    answer = await app.redeem(code, headers=proof)
    assert (answer.status, answer.json()["token_type"]) == (200, "DPoP")
    assert claims_of(answer.json()["access_token"])["cnf"] == {"jkt": holder.jkt}
    assert "dpop-nonce" in answer.headers


@pytest.mark.parametrize("scope", ["openid", "openid offline_access"])
async def test_a_code_that_is_redeemed_again_ends_the_tokens_of_the_first_time(
    app: App, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    code = await app.code({"scope": scope})
    first = (await app.redeem(code)).json()
    other = await app.tokens({"scope": scope})
    again = await app.redeem(code)
    assert again.json() == {"error": "invalid_grant", "error_description": SPENT}
    assert "the code was redeemed before" in caplog.text
    assert not (await app.visitor.introspect(first["access_token"]))["active"]
    assert (await app.visitor.introspect(other["access_token"]))["active"]
    if "refresh_token" in first:
        assert (await app.visitor.refresh(first["refresh_token"])).status == 400


async def test_another_client_that_shows_it_ends_nothing(app: App) -> None:
    code = await app.code()
    first = (await app.redeem(code)).json()
    assert (await app.redeem(code, {"client_id": OTHER_SPA})).json()["error"] == "invalid_grant"
    assert (await app.visitor.introspect(first["access_token"]))["active"]


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("", True),
        (f"?user={USER_ID}", True),
        (f"?client_id={SPA}", True),
        (f"?user={USER_ID}&client_id={SPA}", True),
        (f"?client_id={OTHER_SPA}", False),
        (f"?user={OTHER_LOGIN}", False),
    ],
)
async def test_revoking_a_user_s_or_an_app_s_tokens_ends_its_codes(
    app: App, query: str, *, ends: bool
) -> None:
    code = await app.code()
    revoked = await app.visitor.ask("DELETE", f"/_mock/tokens{query}")
    assert revoked.status == 204
    assert (await app.redeem(code)).status == (400 if ends else 200)


async def test_a_code_of_a_user_who_is_gone_is_invalid(app: App) -> None:
    code = await app.code()
    removed = await app.visitor.ask("DELETE", f"/_mock/users/{USER_ID}")
    assert removed.status == 204, removed.text
    assert (await app.redeem(code)).json()["error_description"] == SPENT


async def test_a_code_of_a_user_who_is_suspended_is_invalid(app: App) -> None:
    code = await app.code()
    user = await app.storage.users.get(USER_ID)
    assert user is not None
    suspended = msgspec.structs.replace(user, status=UserStatus.SUSPENDED)
    await app.storage.users.put(USER_ID, suspended)
    assert (await app.redeem(code)).json()["error_description"] == SPENT


async def test_a_refusal_is_recorded_as_of_the_code_s_user(app: App) -> None:
    refused = await app.redeem(await app.code(), {"code_verifier": "wrong"})
    assert refused.status == 400
    found = await app.visitor.ask("GET", f"/_mock/requests?user={LOGIN}")
    paths = [each["path"] for each in found.json()["requests"]]
    assert paths == ["/oauth2/default/v1/token"]


@pytest.mark.parametrize("acr", ["urn:okta:loa:2fa:any", "phr"])
async def test_who_proved_less_than_was_asked_gets_no_tokens(app: App, acr: str) -> None:
    code = await app.code({"acr_values": acr}, amr=("pwd",))
    answer = await app.redeem(code)
    assert (answer.status, answer.json()["error"]) == (400, "unmet_authentication_requirements")


class TestOfAnAppThatIsAssigned:
    @pytest.fixture
    def config(self) -> Config:
        return with_client(interacting(), SPA, assigned_users=(OTHER_LOGIN,))

    async def test_somebody_else_is_denied_when_the_code_is_redeemed(self, app: App) -> None:
        answer = await app.redeem(await app.code())
        assert answer.status == 400
        assert answer.json() == {"error": "access_denied", "error_description": NOT_ASSIGNED}


def _with_rules(*rules: SeedRule) -> Config:
    server = SeedAuthorizationServer(
        id="default",
        scopes=(Scope(name="messages.read"),),
        policies=(SeedPolicy(rules=rules),),
    )
    return with_server(interacting(), server)


class TestOfAServerWhosePolicyLeavesTheGrantOut:
    @pytest.fixture
    def config(self) -> Config:
        return _with_rules(SeedRule(grant_types=("authorization_code",)))

    async def test_it_is_denied_when_the_code_is_redeemed(self, app: App) -> None:
        answer = await app.redeem(await app.code())
        assert answer.status == 400
        assert answer.json() == {"error": "access_denied", "error_description": POLICY_REFUSED}


class TestOfAServerWhosePolicyNamesTheGrant:
    @pytest.fixture
    def config(self) -> Config:
        return _with_rules(
            SeedRule(grant_types=("authorization_code",), access_token_lifetime_minutes=15),
            SeedRule(grant_types=(GRANT,), access_token_lifetime_minutes=30),
        )

    async def test_its_rule_gives_the_lifetimes(self, app: App) -> None:
        assert (await app.tokens({"scope": "openid"}))["expires_in"] == 30 * 60


async def _of_64_at_once(config: Config, pool: KeyPool, storages: list[Storage]) -> int:
    """How many get tokens of all who redeem one code, each on a connection of its own."""
    async with racing(config, pool, aiohttp.DummyCookieJar()) as visitor:
        app = App(visitor, storages[-1])
        code = await app.code()
        answers = await asyncio.gather(*(app.redeem(code) for _ in range(CALLERS)))
    assert {answer.json().get("error") for answer in answers} <= {None, "invalid_grant"}
    return sum(answer.status == 200 for answer in answers)


async def test_of_64_at_once_exactly_one_succeeds(
    config: Config, shared_pool: KeyPool, storages: list[Storage]
) -> None:
    assert await _of_64_at_once(config, shared_pool, storages) == 1


async def test_more_would_if_take_were_a_read_and_a_delete(
    config: Config, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = keep_storage(monkeypatch, leaky_storage)
    assert await _of_64_at_once(config, shared_pool, leaky) > 1

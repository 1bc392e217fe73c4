"""Beginning a sign-in by the Identity Engine: a good request, and the change that breaks it."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from mock_okta import Config, MockOkta
from mock_okta.model.directory import UserStatus
from mock_okta.model.interactions import Interaction
from mock_okta.model.progress import RecoveryToken, RecoveryType
from tests.oauth.interacting import NATIVE, App, interacting, with_client
from tests.visiting import (
    APP,
    CALLBACK,
    CHALLENGE,
    IMPLICIT_ONLY,
    SECRET,
    SERVICE,
    SPA,
    USER_ID,
    WEB,
    Answer,
    Change,
    basic,
)

NO_PKCE = "PKCE code challenge is required when the token endpoint authentication method is 'NONE'."
NOT_REGISTERED = (
    "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."
)
OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
UNKNOWN_SCOPE = "One or more scopes are not configured for the authorization server resource."
WRONG_SECRET = "The client secret supplied for a confidential client is invalid."
UNAUTHORIZED = (
    "The client is not authorized to use the provided grant type. Configured grant types:"
)
RECOVERY, ACTIVATION = "The recovery token is invalid", "The activation token is invalid"
LEFT_OUT: Change = {"state": None, "nonce": None}
OF_WEB: Change = {"client_id": WEB, "code_challenge": None, "code_challenge_method": None}

pytestmark = pytest.mark.usefixtures("storages")


@pytest.fixture
def config() -> Config:
    return interacting()


async def _kept(app: App, answer: Answer) -> Interaction:
    assert answer.status == 200, answer.text
    assert list(answer.json()) == ["interaction_handle"]
    kept = await app.storage.interactions.get(answer.json()["interaction_handle"])
    assert kept is not None
    return kept


@pytest.mark.parametrize("server", ["default", "rich", "org"])
async def test_the_handle_stands_for_what_was_asked(app: App, server: str) -> None:
    app.org.clock.freeze()
    asked = {
        "acr_values": "urn:okta:loa:2fa:any phr",
        "max_age": "0060",
        "prompt": "login consent",
        "login_hint": "tester@example.com",
    }
    assert await _kept(app, await app.interact(asked, server=server)) == Interaction(
        server_id=server,
        client_id=SPA,
        redirect_uri=CALLBACK,
        scopes=("openid", "profile", "email", "offline_access"),
        expires_at=app.org.clock.now() + timedelta(hours=1),
        state="state-1",
        nonce="nonce-1",
        code_challenge=CHALLENGE,
        acr_values=("urn:okta:loa:2fa:any", "phr"),
        max_age=60,
        prompt=frozenset({"login", "consent"}),
        login_hint="tester@example.com",
    )


async def test_each_request_has_a_handle_of_its_own(app: App) -> None:
    handles = {await app.handle() for _ in range(3)}
    assert len(handles) == 3
    assert {len(handle) for handle in handles} == {43}


async def test_a_handle_lives_for_an_hour(app: App) -> None:
    app.org.clock.freeze()
    handle = await app.handle()
    app.org.clock.advance(timedelta(seconds=3599))
    assert await app.storage.interactions.get(handle) is not None
    app.org.clock.advance(timedelta(seconds=1))
    assert await app.storage.interactions.get(handle) is None


@pytest.mark.parametrize("max_age", ["9" * 10, "9" * 5000])
async def test_a_max_age_of_decades_limits_nothing(app: App, max_age: str) -> None:
    assert (await _kept(app, await app.interact({"max_age": max_age}))).max_age is None


async def test_state_and_nonce_may_be_left_out(app: App) -> None:
    kept = await _kept(app, await app.interact(LEFT_OUT))
    assert (kept.state, kept.nonce) == (None, None)


async def test_scopes_left_out_are_the_server_s_default_ones(app: App) -> None:
    kept = await _kept(app, await app.interact({"scope": None}, server="rich"))
    assert kept.scopes == ("usual",)


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": NATIVE},
        OF_WEB,
        {"client_id": WEB},
        {**OF_WEB, "client_secret": SECRET},
        {**OF_WEB, **LEFT_OUT},
    ],
)
async def test_a_confidential_client_need_not_authenticate_itself(app: App, change: Change) -> None:
    """Okta's Java SDK sends neither secret nor nonce, and the secret at /token."""
    assert (await _kept(app, await app.interact(change))).client_id == change["client_id"]


async def test_it_may_do_so_by_its_header(app: App) -> None:
    good = basic(WEB, "a+secret%2Fwith%2Bodd%3Acharacters%26%3D%25")
    assert (await app.interact(OF_WEB, headers=good)).status == 200
    refused = await app.interact(OF_WEB, headers=basic(WEB, "wrong"))
    assert (refused.status, refused.json()["error_description"]) == (401, WRONG_SECRET)


@pytest.mark.parametrize(
    ("change", "status", "error", "description"),
    [
        ({"redirect_uri": None}, 400, "invalid_request", NOT_REGISTERED),
        ({"redirect_uri": f"{CALLBACK}/"}, 400, "invalid_request", NOT_REGISTERED),
        ({"code_challenge": None}, 400, "invalid_request", NO_PKCE),
        ({"client_id": NATIVE, "code_challenge": None}, 400, "invalid_request", NO_PKCE),
        (
            {"code_challenge": "short"},
            400,
            "invalid_request",
            "PKCE code challenge contains illegal characters.",
        ),
        (
            {"code_challenge_method": "plain"},
            400,
            "invalid_request",
            "PKCE code challenge method must be 'S256'.",
        ),
        (
            {"code_challenge_method": None},
            400,
            "invalid_request",
            "PKCE code challenge method must be 'S256'.",
        ),
        ({"scope": "openid made_up"}, 400, "invalid_scope", UNKNOWN_SCOPE),
        ({"scope": "email"}, 400, "access_denied", OPENID),
        (
            {"prompt": "none login"},
            400,
            "invalid_request",
            "The authentication request has an invalid 'prompt' parameter.",
        ),
        (
            {"max_age": "soon"},
            400,
            "invalid_request",
            "The authentication request has an invalid 'max_age' parameter.",
        ),
        (
            {"nonce": ["one", "two"]},
            400,
            "invalid_request",
            "The interaction request has a repeated 'nonce' parameter.",
        ),
        ({"recovery_token": "made-up"}, 400, "invalid_request", RECOVERY),
        ({"activation_token": "made-up"}, 400, "invalid_request", ACTIVATION),
        ({**OF_WEB, "client_secret": "wrong"}, 401, "invalid_client", WRONG_SECRET),
        ({"client_secret": SECRET}, 401, "invalid_client", WRONG_SECRET),
        ({"client_id": None}, 401, "invalid_client", "No client credentials found."),
        (
            {"client_id": IMPLICIT_ONLY},
            400,
            "unauthorized_client",
            f"{UNAUTHORIZED} [implicit].",
        ),
        (
            {"client_id": SERVICE},
            400,
            "unauthorized_client",
            f"{UNAUTHORIZED} [client_credentials].",
        ),
    ],
)
async def test_a_request_that_is_wrong_is_refused(
    app: App, change: Change, status: int, error: str, description: str
) -> None:
    answer = await app.interact(change)
    assert answer.status == status
    assert list(answer.json().items()) == [("error", error), ("error_description", description)]
    assert not await app.storage.interactions.values()


async def test_an_unknown_client_is_reported_as_at_token(app: App) -> None:
    answer = await app.interact({"client_id": "0oa1nobody"})
    assert (answer.status, answer.json()["errorCode"]) == (401, "invalid_client")
    assert answer.json()["errorSummary"] == "Invalid value for 'client_id' parameter."


async def test_an_unknown_server_is_reported_as_elsewhere(app: App) -> None:
    answer = await app.interact(server="nowhere")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")


async def _token(app: App, kind: RecoveryType, **changes: Any) -> str:
    """Put a token that is good for another hour, but for the changes."""
    now: datetime = app.org.clock.now()
    token = RecoveryToken(
        user_id=USER_ID,
        recovery_type=kind,
        issued_in=UserStatus.ACTIVE,
        issued_at=now,
        ends_at=now + timedelta(hours=1),
        expires_at=now + timedelta(days=30),
    )
    await app.storage.recovery_tokens.put("a-token", msgspec.structs.replace(token, **changes))
    return "a-token"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("recovery_token", RecoveryType.PASSWORD),
        ("activation_token", RecoveryType.ACCOUNT_ACTIVATION),
    ],
)
async def test_a_token_that_is_good_is_kept_and_not_spent(
    app: App, name: str, kind: RecoveryType
) -> None:
    token = await _token(app, kind)
    for _ in range(2):
        assert getattr(await _kept(app, await app.interact({name: token})), name) == token


async def test_a_token_to_unlock_a_locked_account_is_a_recovery_token(app: App) -> None:
    token = {"recovery_token": await _token(app, RecoveryType.UNLOCK)}
    assert (await app.interact(token)).json()["error_description"] == RECOVERY
    user = await app.storage.users.get(USER_ID)
    assert user is not None
    locked = msgspec.structs.replace(user, status=UserStatus.LOCKED_OUT)
    await app.storage.users.put(USER_ID, locked)
    assert (await app.interact(token)).status == 200


@pytest.mark.parametrize(
    ("name", "kind", "changes"),
    [
        ("recovery_token", RecoveryType.ACCOUNT_ACTIVATION, {}),
        ("recovery_token", RecoveryType.PASSWORD, {"used": True}),
        ("recovery_token", RecoveryType.PASSWORD, {"user_id": "00u1gone"}),
        ("activation_token", RecoveryType.PASSWORD, {}),
        ("activation_token", RecoveryType.ACCOUNT_ACTIVATION, {"used": True}),
        (
            "activation_token",
            RecoveryType.ACCOUNT_ACTIVATION,
            {"issued_in": UserStatus.PROVISIONED},
        ),
    ],
)
async def test_a_token_that_is_of_no_use_is_invalid(
    app: App, name: str, kind: RecoveryType, changes: dict[str, Any]
) -> None:
    answer = await app.interact({name: await _token(app, kind, **changes)})
    description = RECOVERY if name == "recovery_token" else ACTIVATION
    assert answer.status == 400
    assert answer.json() == {"error": "invalid_request", "error_description": description}


async def test_a_token_that_came_too_late_is_invalid(org: MockOkta, app: App) -> None:
    org.clock.freeze()
    token = {"recovery_token": await _token(app, RecoveryType.PASSWORD)}
    org.clock.advance(timedelta(hours=1))
    assert (await app.interact(token)).json()["error_description"] == RECOVERY


class TestOfAClientThatMustUsePkce:
    @pytest.fixture
    def config(self) -> Config:
        return with_client(interacting(), WEB, pkce_required=True)

    async def test_a_challenge_is_required_of_it(self, app: App) -> None:
        refused = await app.interact(OF_WEB)
        description = "PKCE code challenge is required by the application."
        assert (refused.status, refused.json()["error_description"]) == (400, description)
        assert (await app.interact({"client_id": WEB})).status == 200


async def test_a_page_of_a_trusted_origin_reads_the_answer_with_its_cookies(app: App) -> None:
    answer = await app.interact(headers={"Origin": APP})
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


async def test_it_reads_refusals_too(app: App) -> None:
    answer = await app.interact({"code_challenge": None}, headers={"Origin": APP})
    assert answer.status == 400
    assert answer.headers["Access-Control-Allow-Origin"] == APP


async def test_another_page_reads_nothing(app: App) -> None:
    answer = await app.interact(headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_preflight_allows_what_the_widget_sends(app: App, server: str) -> None:
    headers = {
        "Origin": APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-okta-user-agent-extended",
    }
    answer = await app.visitor.ask("OPTIONS", app.visitor.url("interact", server), headers=headers)
    assert answer.status in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "x-okta-user-agent-extended" in answer.headers["Access-Control-Allow-Headers"]

"""An app with an API token recovers passwords itself, and names devices: facts/oauth C.2, C.3."""

from datetime import timedelta

import pytest

from mock_okta import Config
from mock_okta.clock import wire_instant
from tests.authn.recovering import FORBIDDEN, NOBODY, STRONG, UNKNOWN_TOKEN, recovery_org
from tests.authn.signing import API_TOKEN, AUTHN, LOGIN, PASSWORD, Signing, error_of

DEVICE = "a device's own name for itself, of any length that it likes"


@pytest.fixture
def config() -> Config:
    """An org that asks no recovery question."""
    return recovery_org()


async def test_a_trusted_app_gets_the_token_itself(signing: Signing) -> None:
    signing.org.clock.freeze()
    handed = await signing.recover(factor=None, relayState="/there")
    body = handed.json()
    assert list(body) == [
        "expiresAt",
        "status",
        "relayState",
        "recoveryToken",
        "recoveryType",
        "_embedded",
        "_links",
    ]
    assert (body["status"], body["recoveryType"]) == ("RECOVERY", "PASSWORD")
    assert body["expiresAt"] == wire_instant(signing.org.clock.now() + timedelta(hours=1))
    assert body["_links"]["next"] == {
        "name": "recovery",
        "href": f"{signing.org.url}{AUTHN}/recovery/token",
        "hints": {"allow": ["POST"]},
    }
    assert await signing.outbox() == []
    state = (await signing.redeem(body["recoveryToken"])).json()
    assert (state["status"], state["relayState"]) == ("PASSWORD_RESET", "/there")


@pytest.mark.parametrize("config", [recovery_org(password_reset=False)], ids=["nothing"])
async def test_the_policy_counts_for_trusted_apps_too(signing: Signing) -> None:
    assert error_of(await signing.recover(factor=None)) == FORBIDDEN


async def test_a_trusted_app_hears_that_a_user_is_unknown(signing: Signing) -> None:
    assert error_of(await signing.recover(login=NOBODY, factor=None)) == (403, "E0000095", [])


async def test_a_bad_api_token_is_refused(signing: Signing) -> None:
    for path in (f"{AUTHN}/recovery/password", AUTHN):
        answer = await signing.post(path, {"Authorization": "SSWS wrong"}, username=LOGIN)
        assert error_of(answer) == UNKNOWN_TOKEN
    bearer = {"Authorization": "Bearer something"}
    public = await signing.post(f"{AUTHN}/recovery/password", bearer, username=LOGIN)
    assert error_of(public)[:2] == (400, "E0000001")


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
@pytest.mark.parametrize(("is_trusted", "next_time"), [(True, "SUCCESS"), (False, "MFA_REQUIRED")])
async def test_the_device_that_a_trusted_app_names_is_remembered(
    signing: Signing, *, is_trusted: bool, next_time: str
) -> None:
    """Without an API token the context is ignored, and the caller, who has no cookie, is new."""
    headers = {"Authorization": f"SSWS {API_TOKEN}"} if is_trusted else {}
    document = {"api_tokens": [{"token": API_TOKEN}]}
    await signing.visitor.ask("PUT", "/_mock/seed", json=document)
    statuses = []
    for _ in range(2):
        signing.visitor.http.cookie_jar.clear()
        body = {"username": LOGIN, "password": PASSWORD, "context": {"deviceToken": DEVICE}}
        state = (await signing.post(AUTHN, headers, **body)).json()
        statuses.append(state["status"])
        if state["status"] == "MFA_REQUIRED":
            verify = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
            proof = {"answer": "beetroot", "stateToken": state["stateToken"]}
            proof["context"] = {"deviceToken": DEVICE}
            await signing.post(f"{verify}?rememberDevice=true", headers, **proof)
    assert statuses == ["MFA_REQUIRED", next_time]

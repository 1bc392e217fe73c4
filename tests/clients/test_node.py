"""Node's clients, unmodified, over https with the org's CA trusted: each goes as far as it can."""

import pytest

from tests.clients.conftest import RunsNode, Settings

pytestmark = pytest.mark.network

SPENT = "The refresh token is invalid or expired."


def test_openid_client_finds_nothing_to_complain_about(
    runs_node: RunsNode, settings: Settings
) -> None:
    seen = runs_node("openid-client.mjs")

    assert seen["subject"] == seen["renewed"] == seen["pushed"] == settings.user_id
    assert seen["name"] == "Test User"
    assert (seen["before"], seen["after"]) == (True, False)
    assert seen["revoked"].startswith("invalid_grant")
    assert seen["goodbye"] == f"{settings.logout_uri}?state=bye"
    assert seen["own"] == settings.service_scope


def test_oidc_client_ts_finds_nothing_to_complain_about(
    runs_node: RunsNode, settings: Settings
) -> None:
    seen = runs_node("oidc-client-ts.mjs")

    assert seen["subject"] == settings.user_id
    assert seen["given_name"] == "Test"
    assert (seen["page"], seen["bye"]) == ("home", "bye")
    assert seen["renewed"] is True
    assert SPENT in seen["revoked"]


def test_okta_auth_js_finds_nothing_to_complain_about(
    runs_node: RunsNode, settings: Settings
) -> None:
    seen = runs_node("okta-auth-js.mjs")

    assert seen["status"] == "SUCCESS"
    assert seen["subject"] == seen["renewed"] == settings.user_id
    assert seen["zoneinfo"] == "America/Los_Angeles"
    assert (seen["before"], seen["after"]) == (True, False)
    assert SPENT in seen["revoked"]
    assert seen["goodbye"] == f"{settings.logout_uri}?state=bye"


def test_okta_jwt_verifier_accepts_good_tokens_and_refuses_others(
    runs_node: RunsNode, settings: Settings
) -> None:
    seen = runs_node("jwt-verifier.mjs")

    assert (seen["sub"], seen["id"]) == (settings.login, settings.user_id)
    assert "Signature verification failed" in seen["tampered"]
    assert "audience claim" in seen["audience"]
    assert "nonce claim" in seen["nonce"]
    assert "'scp'" in seen["scope"]

"""Expectations of requests and tokens: what they take, and what they say of near misses."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from mock_okta_harness import faults
from mock_okta_harness.expectations import expect_no_request, expect_request, expect_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_okta_harness.control import Control
    from mock_okta_harness.expectations import WantedRequest, WantedToken

TOKEN = "/oauth2/default/v1/token"
KEYS = "/oauth2/default/v1/keys"


def ask(url: str, form: Mapping[str, str] | None = None) -> None:
    try:
        urlopen(url, form and urlencode(form).encode()).close()  # noqa: S310 -- our own org
    except HTTPError as refusal:
        refusal.close()


@pytest.fixture
def control(okta_control: Control) -> Control:
    """An org that was asked for keys, and for a token by a client that it does not know."""
    ask(okta_control.url + KEYS)
    form = {"grant_type": "client_credentials", "client_id": "0oa9", "client_secret": "a-secret"}
    ask(okta_control.url + TOKEN, form)
    return okta_control


REFUSED: WantedRequest = {
    "method": "post",
    "path": "*/token",
    "client_id": "0oa9",
    "status": 401,
    "parameters": {"grant_type": "client_credentials"},
    "body": "client_secret=a-secret",
    "answer": "invalid_client",
    "reason": "no client '0oa9'",
}


def test_a_request_that_was_made_is_given(control: Control) -> None:
    assert expect_request(control, **REFUSED).path == TOKEN
    assert expect_request(control, path=KEYS, times=1).status == 200
    assert expect_request(control).path == TOKEN, "the newest of those that fit"


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"method": "PUT"}, "method is 'POST', not 'PUT'"),
        ({"path": "*/keys/*"}, "path is '/oauth2/default/v1/token', not '*/keys/*'"),
        ({"client_id": "0oa8"}, "client_id is '0oa9', not '0oa8'"),
        ({"user": "tester@example.com"}, "user is None, not 'tester@example.com'"),
        ({"status": 200}, "status is 401, not 200"),
        ({"parameters": {"scope": "a"}}, "parameter scope is None, not 'a'"),
        ({"body": "nowhere"}, "body has no 'nowhere': 'grant_type="),
        ({"answer": "nowhere"}, "answer has no 'nowhere': '{"),
        ({"reason": "nowhere"}, "no remark has 'nowhere'"),
    ],
)
def test_a_request_that_was_not_made_is_reported_by_what_came_nearest(
    control: Control, change: WantedRequest, difference: str
) -> None:
    with pytest.raises(AssertionError) as failure:
        expect_request(control, **{**REFUSED, **change})
    first, count, nearest, told, why, *_ = str(failure.value).splitlines()
    assert first.startswith("No request matches: method ")
    assert count == "Most similar of 2 recorded:"
    assert nearest == f"  POST {TOKEN} → 401, client 0oa9"
    assert told.startswith(f"    {difference}")
    assert why.startswith("    why: ")
    assert "no client '0oa9'" in why
    expect_no_request(control, **{**REFUSED, **change})


@pytest.mark.parametrize("path", ["*/v1/tokens", "*/v1/token"])
def test_the_request_with_the_most_similar_path_is_named_first(control: Control, path: str) -> None:
    urlopen(f"{control.url}/.well-known/openid-configuration")  # noqa: S310 -- our own org
    with pytest.raises(AssertionError) as failure:
        expect_request(control, path=path, status=403, parameters={"scope": "a"})
    _, _, nearest, *_ = str(failure.value).splitlines()
    assert nearest.startswith(f"  POST {TOKEN} ")


def test_requests_are_counted(control: Control) -> None:
    with pytest.raises(AssertionError, match="2 should match, 1 do: status 401"):
        expect_request(control, status=401, times=2)
    with pytest.raises(ValueError, match="expect_no_request"):
        expect_request(control, times=0)


def test_what_was_not_to_be_asked_is_reported(control: Control) -> None:
    with pytest.raises(
        AssertionError, match=r"should match status 401, but these do:\n  POST .*401"
    ):
        expect_no_request(control, status=401)
    with pytest.raises(AssertionError, match="should match any request"):
        expect_no_request(control)
    control.clear_requests()
    expect_no_request(control)
    with pytest.raises(AssertionError, match="The org has recorded no requests"):
        expect_request(control)


def test_a_request_may_be_waited_for(control: Control) -> None:
    control.clear_requests()
    control.plan_fault(faults.delay(0.2).on(KEYS))
    asking = threading.Thread(target=ask, args=(control.url + KEYS,))
    asking.start()
    with pytest.raises(AssertionError):
        expect_request(control, path=KEYS)
    assert expect_request(control, path=KEYS, within=10).status == 200
    asking.join()


def test_waiting_ends(control: Control) -> None:
    with pytest.raises(AssertionError, match="No request matches"):
        expect_request(control, path="/nowhere", within=0.05)


USER, CLIENT = "tester@example.com", "0oa1spa00000000000h7"


def test_a_token_is_what_was_asked_for(okta_control: Control) -> None:
    minted = okta_control.mint(USER, client_id=CLIENT, claims={"tier": "gold"})
    claims = expect_token(
        minted.access_token,
        user=USER,
        client_id=CLIENT,
        issuer=minted.issuer,
        audience="api://default",
        scopes=("openid", "email"),
        claims={"tier": "gold"},
        without=("nonce",),
        valid_at=okta_control.clock.now() + timedelta(minutes=59),
        signed_by=minted.jwks,
    )
    assert claims["cid"] == CLIENT
    assert minted.id_token
    expect_token(minted.id_token, user=USER, client_id=CLIENT, audience=CLIENT)
    expect_token(minted.id_token, user=claims["uid"])


@pytest.mark.parametrize(
    ("wanted", "difference"),
    [
        ({"user": "other@example.com"}, "its user is not 'other@example.com': {'sub': 'tester@"),
        ({"client_id": "0oa8"}, f"claim 'cid' is '{CLIENT}', not '0oa8'"),
        ({"issuer": "https://other.example"}, "claim 'iss' is 'http://localhost:"),
        ({"audience": "api://other"}, "claim 'aud' is 'api://default', not 'api://other'"),
        ({"scopes": ("openid", "admin")}, "it has no scope 'admin': ['"),
        ({"claims": {"tier": "silver"}}, "claim 'tier' is 'gold', not 'silver'"),
        ({"claims": {"level": 1}}, "claim 'level' is not there, but should be 1"),
        ({"without": ("tier",)}, "claim 'tier' is 'gold', but should not be there"),
        ({"signed_by": {"keys": []}}, "the JWKS does not have its key: 'kid' is '"),
    ],
)
def test_a_token_that_is_not_as_expected_is_reported_by_each_difference(
    okta_control: Control, wanted: WantedToken, difference: str
) -> None:
    token = okta_control.mint(USER, client_id=CLIENT, claims={"tier": "gold"}).access_token
    with pytest.raises(AssertionError) as failure:
        expect_token(token, **{"without": ("sub",), **wanted})
    first, *told = str(failure.value).splitlines()
    assert first == "The token is not as expected:"
    assert any(line.startswith(f"  {difference}") for line in told), told
    assert '  "tier": "gold"' in told, "all claims are shown"


@pytest.mark.parametrize(
    ("broken", "difference"),
    [
        ("expired", "it has expired: 'exp' is"),
        ("not_yet_valid", "it is not valid yet: 'iat' is"),
        ("tampered", "its signature is not from the key"),
        ("unknown_kid", "the JWKS does not have its key"),
    ],
)
def test_a_broken_token_is_reported(okta_control: Control, broken: str, difference: str) -> None:
    minted = okta_control.mint(USER, broken=broken)  # type: ignore[arg-type] -- one of its words
    now = okta_control.clock.now()
    with pytest.raises(AssertionError, match=difference):
        expect_token(minted.access_token, valid_at=now, signed_by=minted.jwks)


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.W10.c", "a.é.c"])
def test_what_is_no_jwt_is_reported(token: str) -> None:
    with pytest.raises(AssertionError, match="This is not a JWT"):
        expect_token(token)

"""Planned faults and recorded requests by the harness, as a synchronous test uses them."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import jwt
import pytest

from mock_okta_harness import faults
from mock_okta_harness.builders import an_app
from mock_okta_harness.control import Control, ControlError

if TYPE_CHECKING:
    from mock_okta_harness.faults import Fault

CLIENT_ID, CLIENT_SECRET = "0oa1faults0000000h7", "a-secret"
TOKEN = "/oauth2/default/v1/token"
NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture
def control(okta_control: Control) -> Control:
    app = an_app("Service").service().with_client_id(CLIENT_ID).with_client_secret(CLIENT_SECRET)
    scopes = [{"name": "messages.read"}]
    okta_control.seed(app, {"authorization_servers": [{"id": "default", "scopes": scopes}]})
    return okta_control


def _access_token(control: Control, client_id: str = CLIENT_ID) -> str:
    form = {
        "grant_type": "client_credentials",
        "scope": "messages.read",
        "client_id": client_id,
        "client_secret": CLIENT_SECRET,
    }
    request = Request(control.url + TOKEN, data=urlencode(form).encode())  # noqa: S310 -- http
    with urlopen(request) as response:  # noqa: S310 -- our own org
        token: str = json.load(response)["access_token"]
        return token


def _status(url: str) -> int:
    try:
        with urlopen(url) as response:  # noqa: S310 -- our own org
            return int(response.status)
    except HTTPError as error:
        with error:
            return error.code


def _verified(control: Control, token: str) -> dict[str, Any]:
    """The claims, as an API verifies them that fetches the keys afresh."""
    issuer = f"{control.url}/oauth2/default"
    key = jwt.PyJWKClient(f"{issuer}/v1/keys").get_signing_key_from_jwt(token)
    claims: dict[str, Any] = jwt.decode(
        token, key.key, algorithms=["RS256"], audience="api://default", issuer=issuer
    )
    return claims


def test_a_status_is_met_so_often_as_planned(control: Control) -> None:
    control.plan_fault(faults.status(503, "E0000009", "Not now.").on("/nowhere").times(2))
    url = f"{control.url}/nowhere"
    assert [_status(url) for _ in range(3)] == [503, 503, 404]
    refused = control.requests(status=503)[0].response_json()
    assert (refused["errorCode"], refused["errorSummary"]) == ("E0000009", "Not now.")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.oauth_error("invalid_client", status=401), 401),
        (faults.rate_limited(limit=5, reset_in=30), 429),
    ],
)
def test_a_token_is_refused(control: Control, fault: Fault, status: int) -> None:
    control.plan_fault(fault)
    with pytest.raises(HTTPError) as refusal:
        _access_token(control)
    with refusal.value as error:
        assert error.code == status
        assert error.headers.get("X-Rate-Limit-Remaining") == ("0" if status == 429 else None)
    assert _verified(control, _access_token(control))


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (faults.dropped(), ConnectionResetError),
        (faults.truncated_json(), http.client.IncompleteRead),
    ],
)
def test_the_connection_fails(control: Control, fault: Fault, failure: type[Exception]) -> None:
    control.plan_fault(fault.on(TOKEN, method="POST"))
    with pytest.raises(failure):
        _access_token(control)
    assert _verified(control, _access_token(control))


@pytest.mark.parametrize("fault", [faults.delay(0.2), faults.slow_body(0.2)])
def test_an_answer_takes_its_time(control: Control, fault: Fault) -> None:
    control.plan_fault(fault.on(TOKEN))
    assert _verified(control, _access_token(control))
    assert control.faults()[0].fired == 1


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (faults.jwks_missing(), jwt.PyJWKSetError),
        (faults.jwks_stale().times(2), jwt.PyJWKClientError),
        (faults.broken_token("unknown_kid"), jwt.PyJWKClientError),
        (faults.broken_token("expired", token="access_token"), jwt.ExpiredSignatureError),
        (faults.clock_skew(-7200), jwt.ExpiredSignatureError),
        (faults.clock_skew(7200, "access_token"), jwt.ImmatureSignatureError),
        (faults.broken_token("tampered"), jwt.InvalidSignatureError),
        (faults.broken_token("not_a_jwt"), jwt.DecodeError),
    ],
)
def test_a_token_is_not_verified(control: Control, fault: Fault, failure: type[Exception]) -> None:
    control.plan_fault(fault)
    with pytest.raises(failure):
        _verified(control, _access_token(control))
    assert not control.faults()[0].never_fired
    control.clear_faults()
    assert _verified(control, _access_token(control))["cid"] == CLIENT_ID


def test_an_id_tokens_fault_leaves_access_tokens_alone(control: Control) -> None:
    control.plan_fault(faults.broken_token("unknown_kid", token="id_token"))
    assert _verified(control, _access_token(control))
    assert control.faults()[0].never_fired
    control.clear_faults()  # planned in vain on purpose: the run's summary need not tell


def test_discovery_contradicts(control: Control) -> None:
    control.plan_fault(faults.discovery_contradicts("https://other.example"))
    url = f"{control.url}/oauth2/default/.well-known/openid-configuration"
    with urlopen(url) as response:  # noqa: S310 -- our own org
        assert json.load(response)["issuer"] == "https://other.example"


def test_a_fault_is_for_one_client_or_user_alone(control: Control) -> None:
    control.plan_fault(faults.status(500).for_client("0oa9"), faults.status(500).for_user("x@y.z"))
    assert _access_token(control)
    assert [planned.never_fired for planned in control.faults()] == [True, True]
    with pytest.raises(HTTPError, match="500") as refusal:
        _access_token(control, "0oa9")
    refusal.value.close()
    assert [planned.never_fired for planned in control.faults()] == [False, True]
    control.clear_faults()  # as above


def test_of_many_threads_exactly_so_many_meet_a_fault(control: Control) -> None:
    control.plan_fault(faults.status(500).on("/nowhere").times(5))
    with ThreadPoolExecutor(16) as threads:
        statuses = list(threads.map(_status, [f"{control.url}/nowhere"] * 64))
    assert (statuses.count(500), statuses.count(404)) == (5, 59)


def test_faults_are_forgotten_one_by_one_all_together_and_by_a_reset(control: Control) -> None:
    first, second = control.plan_fault(faults.status(500), faults.status(501))
    control.remove_fault(first)
    assert control.faults() == (second,)
    control.clear_faults()
    assert control.faults() == ()
    control.plan_fault(faults.status(500))
    control.reset()
    assert control.faults() == ()


def test_a_mistaken_fault_is_reported_by_its_path(control: Control) -> None:
    with pytest.raises(ControlError, match=r"400 E0000001 .*seconds"):
        control.plan_fault(faults.delay(1000))


def test_recorded_requests_tell_what_was_asked_and_why_it_was_refused(control: Control) -> None:
    control.clock.freeze(NEW_YEAR)
    _access_token(control)
    with pytest.raises(HTTPError, match="401") as refusal:
        _access_token(control, "0oa9")
    refusal.value.close()
    good, bad = control.requests(path="*/token", method="POST")
    assert good.parameters["scope"] == "messages.read"
    assert (good.client_id, good.status, good.at) == (CLIENT_ID, 200, NEW_YEAR)
    assert good.response_json()["token_type"] == "Bearer"
    assert "no client '0oa9'" in bad.remarks[0]
    assert control.requests(client_id="0oa9", status=401) == (bad,)
    assert control.requests(user="nobody@example.com") == ()
    control.clear_requests()
    assert control.requests() == ()

"""Requests that no client library sends: a target in absolute form, a second Origin header."""

import asyncio
import json
from urllib.parse import urlsplit

import pytest

from mock_okta import MockOkta
from tests.visiting import APP

EVIL = "http://evil.example"


async def _raw(org: MockOkta, method: str, target: str, *headers: str) -> tuple[int, str]:
    """Send a request by the letter; return the status, and all that was answered."""
    host = urlsplit(org.url)
    reader, writer = await asyncio.open_connection("localhost", host.port)
    lines = [f"{method} {target} HTTP/1.1", *headers, "Connection: close", "", ""]
    writer.write("\r\n".join(lines).encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), answer


def _host(org: MockOkta) -> str:
    return f"Host: {urlsplit(org.url).netloc}"


async def test_a_target_in_absolute_form_is_served_and_recorded_as_its_path(org: MockOkta) -> None:
    """RFC 9112 3.2.2."""
    target = f"{org.url}/oauth2/default/v1/keys?client_id=a"
    status, answer = await _raw(org, "GET", target, _host(org))
    assert (status, '"keys":' in answer) == (200, True)
    _, recorded = await _raw(org, "GET", "/_mock/requests", _host(org))
    [one] = json.loads(recorded.partition("\r\n\r\n")[2])["requests"]
    assert (one["path"], one["query"]) == ("/oauth2/default/v1/keys", "client_id=a")


@pytest.mark.parametrize("origin", [None, f"Origin: {APP}"])
async def test_the_control_api_believes_the_target_s_host_before_the_header(
    org: MockOkta, origin: str | None
) -> None:
    """RFC 9112 3.2.2: the Host header counts for nothing then."""
    more = [] if origin is None else [origin]
    own, foreign = f"{org.url}/_mock/org", f"{EVIL}/_mock/org"
    assert (await _raw(org, "GET", foreign, _host(org), *more))[0] == 403
    assert (await _raw(org, "GET", foreign, "Host: evil.example", *more))[0] == 403
    expected = 200 if origin is None else 403
    assert (await _raw(org, "GET", own, _host(org), *more))[0] == expected


@pytest.mark.parametrize("host", ["[::1]:80", "127.0.0.1", "[::1]"])
async def test_loopback_s_other_names_are_the_org_s_in_a_target_as_in_a_header(
    org: MockOkta, host: str
) -> None:
    by_target = await _raw(org, "GET", f"http://{host}/_mock/org", f"Host: {host}")
    by_header = await _raw(org, "GET", "/_mock/org", f"Host: {host}")
    assert by_target[0] == by_header[0] == 200


@pytest.mark.parametrize(
    "origins", [(APP, EVIL), (EVIL, APP), (APP, APP), (APP, "null"), (APP, "")]
)
@pytest.mark.parametrize("path", ["/api/v1/sessions/me", "/oauth2/default/v1/token"])
async def test_of_several_origins_none_may_read(
    org: MockOkta, origins: tuple[str, str], path: str
) -> None:
    sent = [f"Origin: {origin}" for origin in origins]
    _, answer = await _raw(org, "GET", path, _host(org), *sent)
    assert "access-control-allow-origin" not in answer.lower()
    _, alone = await _raw(org, "GET", path, _host(org), f"Origin: {APP}")
    assert f"Access-Control-Allow-Origin: {APP}" in alone


async def test_the_org_s_own_origin_beside_another_opens_nothing(org: MockOkta) -> None:
    own, other = f"Origin: {org.url}", f"Origin: {EVIL}"
    assert (await _raw(org, "GET", "/_mock/org", _host(org), own))[0] == 200
    assert (await _raw(org, "GET", "/_mock/org", _host(org), own, other))[0] == 403
    form = "Content-Type: application/x-www-form-urlencoded"
    body = "client_id=0oa1web00000000000h7&grant_type=authorization_code"
    target = f"/oauth2/default/v1/token?{body}"
    status, answer = await _raw(org, "POST", target, _host(org), form, own, other)
    assert (status, "invalid_client" in answer) == (401, True)

"""Query and body are one set of parameters: clients of Okta's send some in the query."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from tests.visiting import CALLBACK, CHALLENGE, SPA, VERIFIER, Answer, Visitor

FORM = "application/x-www-form-urlencoded"


async def _send(
    visitor: Visitor,
    endpoint: str,
    *,
    query: Mapping[str, str],
    body: Mapping[str, str] | None = None,
    content_type: str = FORM,
) -> Answer:
    url = f"{visitor.url(endpoint)}?{urlencode(query)}"
    headers = {"Content-Type": content_type}
    return await visitor.ask("POST", url, data=urlencode(body or {}), headers=headers)


async def _code_request(visitor: Visitor) -> dict[str, str]:
    return {
        "client_id": SPA,
        "redirect_uri": CALLBACK,
        "grant_type": "authorization_code",
        "code_verifier": VERIFIER,
        "code": await visitor.code(),
    }


@pytest.mark.parametrize("in_body", [(), ("code",), ("client_id", "grant_type")])
async def test_parameters_of_a_token_request_may_be_divided_between_query_and_body(
    visitor: Visitor, in_body: tuple[str, ...]
) -> None:
    whole = await _code_request(visitor)
    body = {name: value for name, value in whole.items() if name in in_body}
    query = {name: value for name, value in whole.items() if name not in in_body}
    answer = await _send(visitor, "token", query=query, body=body)
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream"])
async def test_an_empty_body_is_of_no_type(visitor: Visitor, content_type: str) -> None:
    whole = await _code_request(visitor)
    answer = await _send(visitor, "token", query=whole, content_type=content_type)
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("name", ["code", "grant_type", "client_id"])
async def test_a_parameter_in_both_is_repeated(visitor: Visitor, name: str) -> None:
    whole = await _code_request(visitor)
    answer = await _send(visitor, "token", query={name: whole[name]}, body=whole)
    description = f"The token request has a repeated '{name}' parameter."
    assert answer.status == 400
    assert answer.json() == {"error": "invalid_request", "error_description": description}


async def test_tokens_are_asked_about_and_ended_by_query_too(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    query = {"client_id": SPA, "token": token}
    assert (await _send(visitor, "introspect", query=query)).json()["active"] is True
    ended = await _send(visitor, "revoke", query={"client_id": SPA}, body={"token": token})
    assert (ended.status, ended.body) == (200, b"")
    assert (await _send(visitor, "introspect", query=query)).json() == {"active": False}


async def test_a_request_is_pushed_by_query_too(visitor: Visitor) -> None:
    whole = {
        "client_id": SPA,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    assert (await _send(visitor, "par", query=whole)).status == 201
    twice = await _send(visitor, "par", query={"scope": "openid"}, body=whole)
    assert (twice.status, twice.json()["error"]) == (400, "invalid_request")
    assert "repeated 'scope'" in twice.json()["error_description"]


async def test_a_device_asks_by_query_too(visitor: Visitor) -> None:
    """The client has not the grant: what is refused has been read."""
    answer = await _send(visitor, "device/authorize", query={"client_id": SPA, "scope": "openid"})
    assert (answer.status, answer.json()["error"]) == (400, "unauthorized_client")

"""Bodies of `/_mock` over HTTP: their content type, and what needs none."""

from typing import Any

import pytest

from tests.visiting import LOGIN, Visitor

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _with_bodies(visitor: Visitor) -> list[tuple[str, str]]:
    """Method and path of every operation that takes a body."""
    document: Any = (await visitor.ask("GET", "/_mock/openapi.json")).json()
    return [
        (method.upper(), path.replace("{push_id}", "1").replace("{user}", LOGIN))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation
    ]


async def test_a_body_of_another_type_hears_which_header_to_send(visitor: Visitor) -> None:
    found = await _with_bodies(visitor)
    assert len(found) > 6
    for method, path in found:
        answer = await visitor.ask(method, path, data=b"{}", headers=FORM)
        assert (answer.status, answer.json()["errorCode"]) == (400, "E0000021"), path
        (cause,) = answer.json()["errorCauses"]
        assert "'Content-Type: application/json'" in cause["errorSummary"]


async def test_keys_rotate_without_a_body(visitor: Visitor) -> None:
    before = (await visitor.ask("GET", "/oauth2/default/v1/keys")).json()["keys"]
    answer = await visitor.ask("POST", "/_mock/keys/rotate")
    assert answer.status == 200, answer.text
    after = (await visitor.ask("GET", "/oauth2/default/v1/keys")).json()["keys"]
    assert len(after) == len(before) + 1


async def test_tokens_are_minted_without_a_body(visitor: Visitor) -> None:
    answer = await visitor.ask("POST", "/_mock/tokens")
    assert answer.status == 200, answer.text
    assert answer.json()["access_token"]


async def test_the_document_says_which_bodies_may_be_left_out(visitor: Visitor) -> None:
    document: Any = (await visitor.ask("GET", "/_mock/openapi.json")).json()
    needed = {
        path: operation["requestBody"]["required"]
        for path, item in document["paths"].items()
        for operation in item.values()
        if "requestBody" in operation
    }
    assert {path for path, required in needed.items() if not required} == {
        "/_mock/keys/rotate",
        "/_mock/tokens",
    }


@pytest.mark.parametrize("path", ["/_mock/seed", "/_mock/clock"])
async def test_other_bodies_may_not_be_left_out(visitor: Visitor, path: str) -> None:
    assert (await visitor.ask("PUT", path)).json()["errorCode"] == "E0000003"

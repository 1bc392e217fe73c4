"""`POST /_mock/tokens/decode` says of each check whether a token passes, and why not."""

from typing import Any

import pytest

from tests.visiting import Visitor


async def _mint(visitor: Visitor, **order: Any) -> Any:
    return (await visitor.ask("POST", "/_mock/tokens", json=order)).json()


async def _failures(visitor: Visitor, token: str) -> set[str]:
    answer = await visitor.ask("POST", "/_mock/tokens/decode", json={"token": token})
    assert answer.status == 200, answer.text
    return {each["name"] for each in answer.json()["checks"] if not each["passed"]}


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
async def test_a_good_token_passes_every_check(visitor: Visitor, kind: str) -> None:
    minted = await _mint(visitor)
    answer = await visitor.ask("POST", "/_mock/tokens/decode", json={"token": minted[kind]})
    checks = answer.json()["checks"]
    assert all(each["passed"] for each in checks), checks
    assert len(checks) == 9
    assert answer.json()["claims"]["iss"] == minted["issuer"]


@pytest.mark.parametrize(
    ("broken", "failing"),
    [
        ("expired", {"expiry", "accepted"}),
        ("not_yet_valid", {"beginning", "accepted"}),
        ("wrong_issuer", {"issuer", "key", "signature", "audience", "accepted"}),
        ("wrong_audience", {"audience"}),
        ("wrong_key", {"signature", "accepted"}),
        ("unknown_kid", {"key", "signature", "accepted"}),
        ("algorithm_none", {"algorithm", "signature", "accepted"}),
        ("tampered", {"signature", "accepted"}),
        ("not_a_jwt", {"form"}),
    ],
)
async def test_a_broken_token_fails_the_check_that_finds_it(
    visitor: Visitor, broken: str, failing: set[str]
) -> None:
    minted = await _mint(visitor, broken=[broken])
    assert await _failures(visitor, minted["access_token"]) == failing


async def test_a_revoked_token_is_not_accepted(visitor: Visitor) -> None:
    token = (await _mint(visitor))["access_token"]
    await visitor.ask("DELETE", "/_mock/tokens")
    assert await _failures(visitor, token) == {"accepted"}


@pytest.mark.parametrize("token", ["", "a.b.c", "a.b", "e30.e30.", "💥", "e30.W10.x"])
async def test_anything_can_be_pasted(visitor: Visitor, token: str) -> None:
    assert await _failures(visitor, token)


async def test_keys_are_shown_by_server(visitor: Visitor) -> None:
    async def published() -> dict[str, int]:
        found = (await visitor.ask("GET", "/_mock/keys")).json()["servers"]
        return {each["authorization_server"]: len(each["keys"]) for each in found}

    before = await published()
    assert {"org", "default", "rich"} <= set(before)
    await visitor.ask("POST", "/_mock/keys/rotate", json={})
    assert await published() == before | {"default": before["default"] + 1}

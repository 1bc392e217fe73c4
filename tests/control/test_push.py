"""/_mock/push over HTTP: what devices are asked, shown and answered."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_okta import Config, Seed, SeedFactor, SeedSignOnPolicy, SeedSignOnRule, SeedUser
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, Answer, Visitor

PUSH = SeedFactor(factor="okta_push", number_challenge=True)


@pytest.fixture
def config() -> Config:
    """An org that asks its two users for a push."""
    users = tuple(
        SeedUser(login=login, password=PASSWORD, factors=(PUSH,)) for login in (LOGIN, OTHER_LOGIN)
    )
    rule = SeedSignOnRule(require_factor=True)
    return Config(seed=Seed(users=users, sign_on_policies=(SeedSignOnPolicy(rules=(rule,)),)))


async def _ask_for_one(visitor: Visitor, login: str) -> None:
    body = {"username": login, "password": PASSWORD}
    state = (await visitor.ask("POST", "/api/v1/authn", json=body)).json()
    (factor,) = state["_embedded"]["factors"]
    token = {"stateToken": state["stateToken"]}
    await visitor.ask("POST", factor["_links"]["verify"]["href"], json=token)


async def _pushes(visitor: Visitor, query: str = "") -> list[dict[str, Any]]:
    answer = await visitor.ask("GET", f"/_mock/push{query}")
    assert answer.status == 200
    pushes: list[dict[str, Any]] = answer.json()["pushes"]
    return pushes


async def _answer(visitor: Visitor, push_id: str, body: Mapping[str, Any]) -> Answer:
    return await visitor.ask("POST", f"/_mock/push/{push_id}", json=dict(body))


async def test_pushes_are_shown_oldest_first_and_by_user(visitor: Visitor) -> None:
    assert await _pushes(visitor) == []
    for login in (LOGIN, OTHER_LOGIN):
        await _ask_for_one(visitor, login)
    first, second = await _pushes(visitor)
    assert (first["login"], second["login"]) == (LOGIN, OTHER_LOGIN)
    words = ["id", "user_id", "login", "factor_id", "purpose", "answer", "number"]
    assert list(first) == [*words, "created_at", "expires_at"]
    assert (first["purpose"], first["answer"]) == ("sign-in", "WAITING")
    assert await _pushes(visitor, f"?user={OTHER_LOGIN}") == [second]
    assert await _pushes(visitor, f"?user={first['user_id']}") == [first]
    assert (await visitor.ask("GET", "/_mock/push?user=nobody")).status == 404


@pytest.mark.parametrize(
    ("body", "answer"),
    [({"answer": "approve"}, "APPROVED"), ({"answer": "deny"}, "REJECTED")],
)
async def test_a_push_is_answered(visitor: Visitor, body: Any, answer: str) -> None:
    await _ask_for_one(visitor, LOGIN)
    (push,) = await _pushes(visitor)
    answered = await _answer(visitor, push["id"], body)
    assert (answered.status, answered.json()) == (200, push | {"answer": answer})
    assert await _pushes(visitor) == [push | {"answer": answer}]


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "maybe"},
        {},
        {"answer": "approve", "number": "42"},
        {"answer": "approve", "nummer": 42},
    ],
)
async def test_what_is_no_answer_is_refused(visitor: Visitor, body: Any) -> None:
    await _ask_for_one(visitor, LOGIN)
    (push,) = await _pushes(visitor)
    refused = await _answer(visitor, push["id"], body)
    assert (refused.status, refused.json()["errorCode"]) == (400, "E0000001")
    assert (await _pushes(visitor))[0]["answer"] == "WAITING"


async def test_a_misspelt_parameter_is_refused(visitor: Visitor) -> None:
    assert (await visitor.ask("GET", "/_mock/push?usr=nobody")).status == 400


async def test_an_unknown_push_is_not_found(visitor: Visitor) -> None:
    assert (await _answer(visitor, "psh1", {"answer": "approve"})).status == 404


async def test_pushes_go_with_their_user_and_with_a_reset(visitor: Visitor) -> None:
    for login in (LOGIN, OTHER_LOGIN):
        await _ask_for_one(visitor, login)
    await visitor.ask("DELETE", f"/_mock/users/{LOGIN}")
    assert [each["login"] for each in await _pushes(visitor)] == [OTHER_LOGIN]
    await visitor.ask("POST", "/_mock/reset")
    assert await _pushes(visitor) == []


async def test_the_code_of_an_enrollment_is_scanned_or_left_alone(visitor: Visitor) -> None:
    policy = {"enrollment_policies": [{"required": ["okta_push"]}]}
    user = {"login": LOGIN, "password": PASSWORD, "factors": []}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [user], **policy})
    body = {"username": LOGIN, "password": PASSWORD}
    state = (await visitor.ask("POST", "/api/v1/authn", json=body)).json()
    words = {"factorType": "push", "provider": "OKTA", "stateToken": state["stateToken"]}
    await visitor.ask("POST", "/api/v1/authn/factors", json=words)
    (push,) = await _pushes(visitor)
    assert push["purpose"] == "enrollment"
    assert "number" not in push
    for refused in ({"answer": "deny"}, {"answer": "approve", "number": 1}):
        assert (await _answer(visitor, push["id"], refused)).status == 400
    assert (await _answer(visitor, push["id"], {"answer": "approve"})).status == 200

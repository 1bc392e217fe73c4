"""DELETE /_mock/tokens over HTTP: whose tokens end, and whose do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from mock_okta import MockOkta
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    OTHER_SPA,
    SECRET,
    SERVICE,
    SPA,
    USER_ID,
    Visitor,
)

HOLDERS = ((LOGIN, SPA), (LOGIN, OTHER_SPA), (OTHER_LOGIN, SPA))


@dataclass(frozen=True)
class Held:
    """What one user has at one client."""

    visitor: Visitor
    client_id: str
    tokens: dict[str, Any]
    code: str

    async def lives(self) -> bool:
        """Whether all of it is good; all of it or none is."""
        own = {"client_id": self.client_id}
        access_token = self.tokens["access_token"]
        found = {
            (await self.visitor.introspect(access_token, own))["active"],
            (await self.visitor.userinfo(access_token)).status == 200,
            (await self.visitor.refresh(self.tokens["refresh_token"], own)).status == 200,
            (await self.visitor.redeem(self.code, own)).status == 200,
        }
        assert len(found) == 1
        return found.pop()


async def _held(visitor: Visitor, login: str, client_id: str) -> Held:
    async def code() -> str:
        token = await visitor.session_token(login)
        answer = await visitor.authorize({"client_id": client_id, "sessionToken": token})
        return answer.returned["code"]

    own = {"client_id": client_id}
    tokens = (await visitor.redeem(await code(), own)).json()
    return Held(visitor, client_id, tokens, await code())


async def _revoke(visitor: Visitor, query: str = "") -> None:
    answer = await visitor.ask("DELETE", f"/_mock/tokens{query}")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize(
    ("query", "survivors"),
    [
        ("", set()),
        (f"?user={LOGIN}", {(OTHER_LOGIN, SPA)}),
        (f"?user={USER_ID}", {(OTHER_LOGIN, SPA)}),
        (f"?client_id={SPA}", {(LOGIN, OTHER_SPA)}),
        (f"?user={LOGIN}&client_id={SPA}", {(LOGIN, OTHER_SPA), (OTHER_LOGIN, SPA)}),
        (f"?client_id={SERVICE}", set(HOLDERS)),
    ],
)
async def test_those_end_that_are_meant(
    a_visitor: Callable[[], Visitor], query: str, survivors: set[tuple[str, str]]
) -> None:
    held = {holder: await _held(a_visitor(), *holder) for holder in HOLDERS}
    await _revoke(a_visitor(), query)
    assert {holder for holder, tokens in held.items() if await tokens.lives()} == survivors


@pytest.mark.parametrize(
    ("query", "ends"), [("", True), (f"?client_id={SERVICE}", True), (f"?user={LOGIN}", False)]
)
async def test_a_services_own_tokens_are_its_clients(
    visitor: Visitor, query: str, *, ends: bool
) -> None:
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    own = {"client_id": SERVICE, "client_secret": SECRET}
    token = (await visitor.post("token", form | own)).json()["access_token"]
    await _revoke(visitor, query)
    asked = await visitor.post("introspect", {"token": token} | own)
    assert asked.json()["active"] is not ends


async def test_sessions_and_id_tokens_live_on(visitor: Visitor) -> None:
    sid = await visitor.sign_in()
    id_token = (await visitor.tokens())["id_token"]
    sid = await visitor.session_id() or sid
    await _revoke(visitor)
    assert await visitor.session_id() == sid
    assert (await visitor.introspect(id_token))["active"]


@pytest.mark.parametrize(
    "queries",
    [
        ("",),
        (f"?user={LOGIN}",),
        (f"?client_id={SPA}",),
        ("", f"?user={LOGIN}", f"?client_id={SPA}", f"?user={LOGIN}&client_id={SPA}", ""),
    ],
)
async def test_what_is_issued_in_the_same_second_is_good(
    visitor: Visitor, org: MockOkta, queries: tuple[str, ...]
) -> None:
    org.clock.freeze()
    for query in queries:
        await _revoke(visitor, query)
    held = await _held(visitor, LOGIN, SPA)
    assert await held.lives()
    await _revoke(visitor, queries[-1])
    assert not await held.lives()


@pytest.mark.parametrize(
    "query", ["?user=nobody@example.com", "?client_id=0oa0nobody", "?client_id=", "?user="]
)
async def test_nobody_is_not_everybody(visitor: Visitor, query: str) -> None:
    held = await _held(visitor, LOGIN, SPA)
    answer = await visitor.ask("DELETE", f"/_mock/tokens{query}")
    assert answer.status == 404
    assert await held.lives()


async def test_a_mistyped_parameter_ends_nothing(visitor: Visitor) -> None:
    held = await _held(visitor, LOGIN, SPA)
    answer = await visitor.ask("DELETE", f"/_mock/tokens?client={SPA}")
    assert answer.status == 400
    assert await held.lives()

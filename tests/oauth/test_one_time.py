"""One-time things work one time, however many ask at once over connections of their own."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from mock_okta import Config, KeyPool
from tests.oauth.racing import CALLERS, leaky_storage, racing
from tests.visiting import Visitor


async def of_session_tokens(visitor: Visitor) -> list[bool]:
    """Who got a session, of all who sent one session token to the sessions API."""
    body = {"sessionToken": await visitor.session_token()}
    answers = await asyncio.gather(
        *(visitor.ask("POST", "/api/v1/sessions", json=body) for _ in range(CALLERS))
    )
    assert {answer.status for answer in answers} <= {200, 401}
    return [answer.status == 200 for answer in answers]


async def of_session_tokens_at_authorize(visitor: Visitor) -> list[bool]:
    """Who got a code, of all who sent one session token to /authorize."""
    change = {"sessionToken": await visitor.session_token(), "prompt": "none"}
    answers = await asyncio.gather(*(visitor.authorize(change) for _ in range(CALLERS)))
    returned = [answer.returned for answer in answers]
    assert {fields.get("error") for fields in returned} <= {None, "login_required"}
    return ["code" in fields for fields in returned]


async def of_authorization_codes(visitor: Visitor) -> list[bool]:
    """Who got tokens, of all who redeemed one code."""
    code = await visitor.code()
    answers = await asyncio.gather(*(visitor.redeem(code) for _ in range(CALLERS)))
    assert {answer.json().get("error") for answer in answers} <= {None, "invalid_grant"}
    return [answer.status == 200 for answer in answers]


async def successes(
    config: Config, pool: KeyPool, race: Callable[[Visitor], Awaitable[list[bool]]]
) -> int:
    """How many of the callers came through, each on a connection of its own."""
    async with racing(config, pool, aiohttp.DummyCookieJar()) as visitor:
        return sum(await race(visitor))


RACES = pytest.mark.parametrize(
    "race", [of_session_tokens, of_session_tokens_at_authorize, of_authorization_codes]
)


@RACES
async def test_of_64_at_once_exactly_one_succeeds(
    config: Config, shared_pool: KeyPool, race: Callable[[Visitor], Awaitable[list[bool]]]
) -> None:
    assert await successes(config, shared_pool, race) == 1


@RACES
async def test_more_would_if_take_were_a_read_and_a_delete(
    config: Config,
    shared_pool: KeyPool,
    monkeypatch: pytest.MonkeyPatch,
    race: Callable[[Visitor], Awaitable[list[bool]]],
) -> None:
    monkeypatch.setattr("mock_okta.server.in_memory", leaky_storage)
    assert await successes(config, shared_pool, race) > 1

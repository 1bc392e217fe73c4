"""Key rotation (facts/oauth B.2): active, next and retired keys, by the clock or on request."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from mock_okta import Config, MockOkta, StartError
from tests.visiting import SEED, SPA, Visitor, header_of


async def _kids(visitor: Visitor, server: str = "default") -> list[str]:
    answer = await visitor.ask("GET", visitor.url("keys", server))
    return [key["kid"] for key in answer.json()["keys"]]


async def _rotate(visitor: Visitor, server: str = "default") -> Any:
    body = {"authorization_server": server}
    return await visitor.ask("POST", "/_mock/keys/rotate", json=body)


async def test_a_rotated_key_stays_published_while_its_tokens_live(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    before = await visitor.tokens()
    (old,) = await _kids(visitor)
    assert [key["kid"] for key in (await _rotate(visitor)).json()["keys"]] == await _kids(visitor)
    after = await visitor.tokens()
    assert header_of(before["access_token"])["kid"] == old
    new = header_of(after["access_token"])["kid"]
    assert new == header_of(after["id_token"])["kid"]
    assert await _kids(visitor) == [new, old]
    assert (await visitor.introspect(before["access_token"]))["active"] is True
    assert (await visitor.userinfo(before["access_token"])).status == 200
    org.clock.advance(timedelta(hours=24))
    assert await _kids(visitor) == [new]


async def test_a_token_verifies_by_the_published_key_after_rotation(visitor: Visitor) -> None:
    before = (await visitor.tokens())["id_token"]
    await _rotate(visitor)
    document = (await visitor.ask("GET", visitor.url("keys"))).json()
    keys = jwt.PyJWKSet.from_dict(document)
    key = keys[header_of(before)["kid"]]
    assert jwt.decode(before, key, algorithms=["RS256"], audience=SPA)["ver"] == 1


async def test_keys_rotate_by_the_clock_every_90_days(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    (first,) = await _kids(visitor)
    org.clock.advance(timedelta(days=90, seconds=-1))
    assert await _kids(visitor) == [first]
    org.clock.advance(timedelta(seconds=1))
    second, retired = await _kids(visitor)
    assert (second != first, retired) == (True, first)


async def test_one_servers_rotation_leaves_the_others_alone(visitor: Visitor) -> None:
    others = [await _kids(visitor, server) for server in ("org", "rich")]
    await _rotate(visitor)
    assert [await _kids(visitor, server) for server in ("org", "rich")] == others


async def test_an_unknown_server_cannot_rotate(visitor: Visitor) -> None:
    answer = await _rotate(visitor, "nowhere")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")


async def test_where_keys_persist_the_next_one_is_published_before_it_signs(
    tmp_path: Path,
) -> None:
    config = Config(seed=SEED, state_dir=tmp_path)
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        active, upcoming = await _kids(visitor)
        answer = await visitor.ask("GET", visitor.url("keys"))
        max_age = int(answer.headers["Cache-Control"].removeprefix("max-age=").split(",")[0])
        assert timedelta(days=89) < timedelta(seconds=max_age) <= timedelta(days=90)
        await _rotate(visitor)
        rotated = await _kids(visitor)
    assert (rotated[0], rotated[2]) == (upcoming, active)
    assert rotated[1] not in (upcoming, active)
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        assert await _kids(Visitor(org, http)) == rotated


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of an org that has ended: its keys are made once."""
    directory = tmp_path_factory.mktemp("kept")
    with MockOkta(Config(seed=SEED, state_dir=directory, storage="memory")):
        pass
    return directory


@pytest.mark.parametrize("name", ["default.json", "default.0.pem"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"not json",
        b"\xff",
        b'{"generation":0,"rotated_at":"2026-13-45T00:00:00Z"}',
        b'{"generation":0,"rotated_at":"2026-01-01T00:00:00"}',
        b'{"generation":0,"rotated_at":"9999-12-31T00:00:00Z"}',
        b'{"generation":-1,"rotated_at":"2026-01-01T00:00:00Z"}',
        b'{"generation":1,"rotated_at":"2026-01-01T00:00:00Z","retired":[[0,"2026-01-01T00:00:00"]]}',
        b'{"x":' * 100_000,
    ],
    ids=range(10),
)
async def test_a_broken_key_file_is_reported_in_one_line(
    kept: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    (tmp_path / "keys" / name).write_bytes(content)
    with pytest.raises(StartError, match=name) as caught:
        async with MockOkta(Config(seed=SEED, state_dir=tmp_path, storage="memory")):
            pass
    assert "\n" not in str(caught.value)

"""Keys are generated once, off the event loop, and kept whole."""

import asyncio
import threading
from pathlib import Path

import jwt
import pytest

from mock_okta import KeyPool
from mock_okta.services.world.key_pool import KeyFileError


def test_a_name_has_one_key_however_many_ask_at_once() -> None:
    pool = KeyPool()
    start, found = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        found.append(pool.key("name").result())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
    assert len({id(key) for key in found}) == 1


def test_other_names_have_other_keys(shared_pool: KeyPool) -> None:
    kids = {shared_pool.key(name).result().kid for name in ("first", "second")}
    assert len(kids) == 2


async def test_the_event_loop_runs_on_while_a_key_is_generated() -> None:
    pool = KeyPool()
    future = pool.key("name")
    turns = 0
    while not future.done():
        await asyncio.sleep(0)
        turns += 1
    await asyncio.to_thread(pool.close)
    assert turns > 100


def test_keys_that_were_asked_for_outlive_the_pool_s_threads() -> None:
    pool = KeyPool()
    asked = pool.key("name")
    pool.close()
    assert asked.result().kid == pool.key("name").result().kid


def test_a_directory_keeps_keys_for_the_next_pool(tmp_path: Path) -> None:
    kids = []
    for _ in range(2):
        pool = KeyPool(tmp_path / "keys")
        kids.append(pool.key("name").result().kid)
        pool.close()
    assert kids[0] == kids[1]
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["name.pem"]


def test_a_file_that_holds_no_key_is_named_and_stays(tmp_path: Path) -> None:
    broken = tmp_path / "name.pem"
    broken.write_text("no key")
    pool = KeyPool(tmp_path)
    with pytest.raises(KeyFileError, match=r"name\.pem holds no signing key"):
        pool.key("name").result()
    pool.close()
    assert broken.read_text() == "no key"


def test_a_signature_is_verified_by_the_public_key(shared_pool: KeyPool) -> None:
    key = shared_pool.key("first").result()
    token = key.sign({"a": "ü"}, "special+jwt")
    assert jwt.decode(token, jwt.PyJWK(dict(key.jwk)), ["RS256"]) == {"a": "ü"}
    assert jwt.get_unverified_header(token) == {
        "kid": key.kid,
        "typ": "special+jwt",
        "alg": "RS256",
    }

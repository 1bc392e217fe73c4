"""When the issuer's keys are fetched, and when not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_okta_demo.key_set import KeySet, KeysUnavailable, UnknownKey
from tests.demo_app.conftest import Ask
from tests.demo_app.issuing import Issuer, Key

NEVER, AT_ONCE = timedelta(days=1), timedelta(0)


@pytest.fixture
def keys(issuer: Issuer) -> KeySet:
    """They ask the issuer once, and not again while a test runs."""
    return KeySet(issuer.url, refetch_interval=NEVER)


@pytest.fixture
def eager_keys(issuer: Issuer) -> KeySet:
    """They ask the issuer again for every key that they do not know."""
    return KeySet(issuer.url, refetch_interval=AT_ONCE)


async def test_keys_are_kept(issuer: Issuer, eager_keys: KeySet) -> None:
    first, again = await eager_keys.find("first"), await eager_keys.find("first")
    assert first is again
    assert len(issuer.asked) == 1


async def test_many_askers_at_once_cost_one_look(issuer: Issuer, keys: KeySet) -> None:
    await asyncio.gather(*(keys.find("first") for _ in range(20)))
    assert len(issuer.asked) == 1


async def test_who_waited_for_a_look_does_not_look_again(
    issuer: Issuer, eager_keys: KeySet
) -> None:
    await asyncio.gather(*(eager_keys.find("first") for _ in range(20)))
    assert len(issuer.asked) == 1


async def test_a_new_key_is_found(issuer: Issuer, other_key: Key, eager_keys: KeySet) -> None:
    await eager_keys.find("first")
    issuer.keys.append(other_key)
    assert (await eager_keys.find("second")).key_id == "second"
    assert len(issuer.asked) == 2


async def test_made_up_keys_do_not_make_us_hammer_the_issuer(issuer: Issuer, keys: KeySet) -> None:
    for number in range(20):
        with pytest.raises(UnknownKey):
            await keys.find(f"made-up-{number}")
    assert len(issuer.asked) == 1


async def test_a_known_key_is_found_while_made_up_ones_are_asked_for(
    issuer: Issuer, keys: KeySet
) -> None:
    with pytest.raises(UnknownKey):
        await keys.find("made-up")
    assert (await keys.find("first")).key_id == "first"
    assert len(issuer.asked) == 1


async def test_keys_that_the_issuer_withdrew_are_forgotten_in_time(
    issuer: Issuer, other_key: Key
) -> None:
    keys = KeySet(issuer.url, refetch_interval=NEVER, max_age=timedelta(microseconds=1))
    await keys.find("first")
    issuer.keys[:] = [other_key]
    with pytest.raises(UnknownKey):
        await keys.find("first")


async def test_an_issuer_that_is_down_is_tried_again(issuer: Issuer, eager_keys: KeySet) -> None:
    issuer.status = 503
    with pytest.raises(KeysUnavailable):
        await eager_keys.find("first")
    issuer.status = 200
    assert (await eager_keys.find("first")).key_id == "first"


async def test_an_issuer_that_is_down_is_not_tried_again_at_once(
    issuer: Issuer, keys: KeySet
) -> None:
    issuer.status = 503
    with pytest.raises(KeysUnavailable) as first:
        await keys.find("first")
    issuer.status = 200
    with pytest.raises(KeysUnavailable) as again:
        await keys.find("first")
    assert str(again.value) == str(first.value)


async def test_known_keys_serve_on_while_the_issuer_is_down(
    issuer: Issuer, eager_keys: KeySet
) -> None:
    await eager_keys.find("first")
    issuer.status = 503
    with pytest.raises(KeysUnavailable):
        await eager_keys.find("second")
    assert (await eager_keys.find("first")).key_id == "first"


async def test_discovery_must_name_the_issuer_it_was_asked_of(issuer: Issuer, keys: KeySet) -> None:
    issuer.named = "https://other.example.com"
    with pytest.raises(KeysUnavailable, match=r"other\.example\.com"):
        await keys.find("first")
    assert issuer.asked == []


@pytest.mark.parametrize("jwks", [{"keys": "none"}, {"key": []}, ["first"], "keys"])
async def test_what_is_no_key_document_is_said_to_be_none(
    issuer: Issuer, keys: KeySet, jwks: object
) -> None:
    issuer.jwks = jwks
    with pytest.raises(KeysUnavailable):
        await keys.find("first")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda jwk: jwk | {"use": "enc"},
        lambda jwk: jwk | {"alg": "RS512"},
        lambda jwk: jwk | {"kty": "oct", "k": "c2VjcmV0"},
        lambda jwk: {name: value for name, value in jwk.items() if name != "n"},
        lambda jwk: jwk | {"n": "!"},
        lambda _: "first",
    ],
)
async def test_a_key_that_cannot_verify_is_passed_over(
    issuer: Issuer,
    key: Key,
    other_key: Key,
    keys: KeySet,
    spoil: Callable[[dict[str, str]], object],
) -> None:
    issuer.jwks = {"keys": [spoil(key.as_jwk()), other_key.as_jwk()]}
    assert (await keys.find("second")).key_id == "second"
    with pytest.raises(UnknownKey):
        await keys.find("first")


async def test_the_api_looks_once_for_an_unknown_key_and_then_refuses(
    issuer: Issuer, other_key: Key, ask: Ask
) -> None:
    assert (await ask(issuer.token())).status == 200
    response = await ask(issuer.token(other_key))
    assert response.status == 401
    assert "key" in (await response.json())["error_description"]
    assert len(issuer.asked) == 2


async def test_the_api_follows_a_rotation(issuer: Issuer, other_key: Key, ask: Ask) -> None:
    assert (await ask(issuer.token())).status == 200
    issuer.keys.append(other_key)
    assert (await ask(issuer.token(other_key))).status == 200

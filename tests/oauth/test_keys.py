"""The JWKS: its form, its keys, and how long they live (facts/oauth B)."""

import base64
import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import SEED, Visitor, header_of

SERVERS = pytest.mark.parametrize("server", ["org", "default", "rich"])


async def keys_of(visitor: Visitor, server: str = "default") -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = (await visitor.ask("GET", visitor.url("keys", server))).json()[
        "keys"
    ]
    return keys


def thumbprint(key: dict[str, str]) -> str:
    """RFC 7638 3: only of the required members, in lexicographic order."""
    members = {name: key[name] for name in ("e", "kty", "n")}
    encoded = json.dumps(members, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(encoded).digest()).decode().rstrip("=")


@SERVERS
async def test_a_key_has_okta_s_fields_in_okta_s_order(visitor: Visitor, server: str) -> None:
    (key,) = await keys_of(visitor, server)
    assert list(key) == ["kty", "alg", "kid", "use", "e", "n"]
    assert (key["kty"], key["alg"], key["use"], key["e"]) == ("RSA", "RS256", "sig", "AQAB")
    modulus = base64.urlsafe_b64decode(key["n"] + "==")
    assert (len(modulus), modulus[0] >= 128) == (256, True)


@SERVERS
async def test_the_kid_is_the_key_s_thumbprint(visitor: Visitor, server: str) -> None:
    (key,) = await keys_of(visitor, server)
    assert key["kid"] == thumbprint(key)
    assert len(key["kid"]) == 43


async def test_every_server_has_a_key_of_its_own(visitor: Visitor) -> None:
    kids = {(await keys_of(visitor, server))[0]["kid"] for server in ("org", "default", "rich")}
    assert len(kids) == 3


@pytest.mark.parametrize("server", ["default", "rich"])
async def test_a_custom_server_s_tokens_are_verified_by_its_published_key(
    visitor: Visitor, server: str
) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server=server)
    (key,) = await keys_of(visitor, server)
    for kind in ("access_token", "id_token"):
        assert header_of(tokens[kind])["kid"] == key["kid"]
        jwt.decode(tokens[kind], jwt.PyJWK(key), ["RS256"], options={"verify_aud": False})


async def test_the_org_server_s_access_tokens_are_of_a_key_that_is_not_published(
    visitor: Visitor,
) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server="org")
    (key,) = await keys_of(visitor, "org")
    assert header_of(tokens["id_token"])["kid"] == key["kid"]
    assert header_of(tokens["access_token"])["kid"] != key["kid"]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(tokens["access_token"], jwt.PyJWK(key), ["RS256"], options={"verify_aud": False})


async def restarted(config: Config, pool: KeyPool | None = None) -> tuple[str, str]:
    """The kid of a server, and an ID token, of one run of an org."""
    async with MockOkta(config, key_pool=pool) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        token = (await visitor.tokens({"scope": "openid"}))["id_token"]
        return (await keys_of(visitor))[0]["kid"], token


def modes_in(directory: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}


async def test_keys_survive_a_restart_in_a_state_directory(tmp_path: Path) -> None:
    config = Config(seed=SEED, state_dir=tmp_path)
    first, second = await restarted(config), await restarted(config)
    assert first[0] == second[0]
    modes = modes_in(tmp_path / "keys")
    assert len(modes) >= 4
    assert {mode for name, mode in modes.items() if name.endswith(".pem")} == {0o600}


async def test_without_one_every_run_has_new_keys_under_new_names() -> None:
    config = Config(seed=SEED)
    first, second = await restarted(config), await restarted(config)
    assert first[0] != second[0]


async def test_orgs_that_share_a_pool_share_keys(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED)
    first, second = await restarted(config, shared_pool), await restarted(config, shared_pool)
    assert first[0] == second[0]

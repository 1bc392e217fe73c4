"""Tokens without a server: as the org's own, for whom and what was asked."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import jwt
import pytest

from mock_okta import Clock, Config, KeyPool, Mint, MintError, MockOkta, Seed, mint
from tests.verifying import verified
from tests.visiting import LOGIN, OTHER_LOGIN, OTHER_SPA, SECRET, SEED, SERVICE, USER_ID, Visitor

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def own_mint(shared_pool: KeyPool) -> Mint:
    """The org that the server's tests visit, without a server."""
    return Mint(SEED, url="http://localhost:8700", key_pool=shared_pool)


def shape(token: str) -> tuple[list[str], list[tuple[str, type]]]:
    """The names of the header, and the claims with their types, in their order."""
    header, payload = (
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]
    )
    return list(header), [(name, type(value)) for name, value in payload.items()]


@pytest.mark.parametrize("server", ["default", "rich", "org"])
@pytest.mark.parametrize("scope", ["openid", "openid profile email"])
async def test_tokens_have_the_shape_of_those_that_a_sign_in_gives(
    org: MockOkta, visitor: Visitor, own_mint: Mint, server: str, scope: str
) -> None:
    issued = await visitor.tokens({"scope": scope}, server=server)
    minted = own_mint.tokens(LOGIN, authorization_server=server, scopes=scope.split(), nonce="n")
    assert minted.id_token is not None
    assert shape(minted.access_token) == shape(issued["access_token"])
    assert shape(minted.id_token) == shape(issued["id_token"])
    assert org.issuer(server).replace(org.url, "http://localhost:8700") == minted.issuer


async def test_a_service_gets_what_its_grant_gives(visitor: Visitor, own_mint: Mint) -> None:
    credentials = base64.b64encode(f"{SERVICE}:{quote_plus(SECRET)}".encode()).decode()
    answer = await visitor.ask(
        "POST",
        visitor.url("token"),
        data={"grant_type": "client_credentials", "scope": "messages.read notes"},
        headers={"Authorization": f"Basic {credentials}"},
    )
    minted = own_mint.tokens(client_id=SERVICE)
    assert shape(minted.access_token) == shape(answer.json()["access_token"])
    assert minted.id_token is None


@pytest.mark.process
def test_a_running_org_with_the_same_keys_takes_them(shared_pool: KeyPool) -> None:
    with MockOkta(Config(seed=SEED), key_pool=shared_pool) as org:
        minted = Mint(SEED, url=org.url, key_pool=shared_pool).tokens(LOGIN)
        code = (
            "import json, sys, urllib.request as r\n"
            "ask = r.Request(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]})\n"
            "print(json.load(r.urlopen(ask))['sub'])"
        )
        userinfo = f"{org.issuer()}/v1/userinfo"
        command = (sys.executable, "-c", code, userinfo, minted.access_token)
        assert subprocess.check_output(command, text=True).strip() == USER_ID


def test_tokens_are_for_whom_and_what_was_asked(own_mint: Mint) -> None:
    minted = own_mint.tokens(
        OTHER_LOGIN,
        client_id=OTHER_SPA,
        scopes=["openid", "notes"],
        claims={"groups": ["Everyone"], "aud": "api://mine"},
        id_token_claims={"email_verified": False},
        lifetime=timedelta(minutes=5),
        nonce="nonce-1",
        without=["ver"],
    )
    expected = {"jwks": minted.jwks, "issuer": minted.issuer, "client_id": OTHER_SPA}
    access = verified(minted.access_token, **expected, audience="api://mine")
    assert minted.id_token is not None
    identity = verified(minted.id_token, **expected, audience=OTHER_SPA)
    assert (access["sub"], access["scp"]) == (OTHER_LOGIN, ["openid", "notes"])
    assert access["groups"] == ["Everyone"]
    assert identity["sub"] == access["uid"]
    assert (identity["nonce"], identity["email_verified"]) == ("nonce-1", False)
    for claims in (access, identity):
        assert claims["exp"] - claims["iat"] == 300
        assert "ver" not in claims


@pytest.mark.parametrize("user", [USER_ID, LOGIN, LOGIN.upper()])
def test_a_user_is_named_by_id_or_login(own_mint: Mint, user: str) -> None:
    claims = jwt.decode(own_mint.tokens(user).access_token, options={"verify_signature": False})
    assert (claims["uid"], claims["sub"]) == (USER_ID, LOGIN)


def test_who_is_not_in_the_org_is_made_up(own_mint: Mint) -> None:
    minted = own_mint.tokens(
        "nobody@example.com", client_id="0oa9", authorization_server="aus1", scopes=["made.up"]
    )
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["iss"] == "http://localhost:8700/oauth2/aus1"
    assert (claims["sub"], claims["cid"]) == ("nobody@example.com", "0oa9")
    assert claims["scp"] == ["made.up"]
    assert claims["uid"].startswith("00u")
    assert minted.id_token is None


def test_an_empty_org_mints_too() -> None:
    minted = Mint(Seed()).tokens(authorization_server="org")
    assert minted.id_token is not None


def test_the_clock_may_stand(shared_pool: KeyPool) -> None:
    clock = Clock()
    clock.freeze(NOW)
    minted = Mint(key_pool=shared_pool, clock=clock).tokens()
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["iat"] == int(NOW.timestamp())


def test_a_rotation_by_time_needs_no_waiting(shared_pool: KeyPool) -> None:
    clock = Clock()
    of_old = Mint(key_pool=shared_pool, clock=clock)
    before = of_old.tokens().jwks
    clock.advance(timedelta(days=91))
    assert of_old.tokens().jwks != before


def test_mint_takes_any_issuer_and_keeps_its_keys() -> None:
    minted = mint(issuer="https://dev-1.okta.com/oauth2/aus1", claims={"aud": "api://mine"})
    claims = verified(
        minted.access_token,
        mint(issuer="https://dev-1.okta.com/oauth2/aus1").jwks,
        issuer="https://dev-1.okta.com/oauth2/aus1",
        audience="api://mine",
    )
    assert claims["sub"] == "tester@example.com"
    of_the_org = mint(issuer="https://dev-1.okta.com")
    assert of_the_org.issuer == "https://dev-1.okta.com"


async def test_mint_works_within_an_event_loop(own_mint: Mint) -> None:
    assert own_mint.tokens().access_token


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"broken": "bent"}, "bent"),
        ({"user": " "}, "user"),
        ({"client_id": ""}, "client_id"),
        ({"lifetime": timedelta(0)}, "lifetime_seconds"),
        ({"authorization_server": "a/b"}, "authorization server"),
        ({"sope": ["openid"]}, "sope"),
    ],
    ids=str,
)
def test_a_mistake_is_one_clear_line(own_mint: Mint, wanted: dict[str, Any], named: str) -> None:
    with pytest.raises(MintError, match=named) as refused:
        own_mint.tokens(**wanted)
    assert "\n" not in str(refused.value)

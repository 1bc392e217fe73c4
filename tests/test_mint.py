"""Tokens without a server: as the org's own, and refused for the reason that was asked for."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote_plus

import aiohttp
import jwt
import pytest

from mock_okta import Clock, Config, KeyPool, Mint, MintError, MockOkta, Seed, mint
from mock_okta.minting import BreakageName
from mock_okta.services.breakage import Breakage
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    OTHER_SPA,
    SECRET,
    SEED,
    SERVICE,
    SPA,
    USER_ID,
    Visitor,
)

AUDIENCE = "api://default"
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
CLAIMS = ["iss", "aud", "iat", "exp", "sub", "jti"]


@pytest.fixture(scope="module")
def own_mint(shared_pool: KeyPool) -> Mint:
    """The org that the server's tests visit, without a server."""
    return Mint(SEED, url="http://localhost:8700", key_pool=shared_pool)


def verified(
    token: str, jwks: dict[str, Any], *, issuer: str, audience: str, client_id: str = SPA
) -> dict[str, Any]:
    """Verify by PyJWT as an API does: key, algorithm, times, issuer, audience, client."""
    kid = jwt.get_unverified_header(token)["kid"]
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWKSet.from_dict(jwks)[kid],
        algorithms=["RS256"],
        issuer=issuer,
        audience=audience,
        options={"require": CLAIMS},
    )
    if claims.get("cid", client_id) != client_id:
        raise PermissionError(claims["cid"])
    return claims


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
    answer = await visitor.ask(
        "POST",
        visitor.url("token"),
        data={"grant_type": "client_credentials", "scope": "messages.read notes"},
        headers={"Authorization": aiohttp.encode_basic_auth(SERVICE, quote_plus(SECRET))},
    )
    minted = own_mint.tokens(client_id=SERVICE)
    assert shape(minted.access_token) == shape(answer.json()["access_token"])
    assert minted.id_token is None


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


REASONS: dict[str, type[Exception]] = {
    "expired": jwt.ExpiredSignatureError,
    "not_yet_valid": jwt.ImmatureSignatureError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_client": PermissionError,
    "wrong_key": jwt.InvalidSignatureError,
    "unknown_kid": KeyError,
    "algorithm_none": jwt.InvalidAlgorithmError,
    "tampered": jwt.InvalidSignatureError,
}


@pytest.mark.parametrize("broken", get_args(BreakageName))
def test_a_broken_token_is_refused_for_its_reason_alone(
    own_mint: Mint, broken: BreakageName
) -> None:
    good = own_mint.tokens(LOGIN)
    minted = own_mint.tokens(LOGIN, broken=broken)
    assert minted.id_token is not None
    expected = {"jwks": good.jwks, "issuer": good.issuer}
    assert verified(good.access_token, **expected, audience=AUDIENCE)["sub"] == LOGIN
    with pytest.raises(REASONS[broken]) as refused:
        verified(minted.access_token, **expected, audience=AUDIENCE)
    assert type(refused.value) is REASONS[broken]
    reason = jwt.InvalidAudienceError if broken == "wrong_client" else REASONS[broken]
    with pytest.raises(reason):
        verified(minted.id_token, **expected, audience=SPA)


def test_every_breakage_can_be_named() -> None:
    assert set(get_args(BreakageName)) == set(Breakage) == set(REASONS)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_missing_claim_is_missed(own_mint: Mint, name: str) -> None:
    minted = own_mint.tokens(LOGIN, without=[name])
    with pytest.raises(jwt.MissingRequiredClaimError, match=name):
        verified(minted.access_token, minted.jwks, issuer=minted.issuer, audience=AUDIENCE)


def test_several_things_may_be_wrong_at_once(own_mint: Mint) -> None:
    minted = own_mint.tokens(LOGIN, broken=("expired", "unknown_kid"))
    assert jwt.get_unverified_header(minted.access_token)["kid"] not in str(minted.jwks)
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["exp"] < claims["iat"] + 3601 < datetime.now(UTC).timestamp()


def test_what_is_broken_counts_more_than_what_was_given(own_mint: Mint) -> None:
    minted = own_mint.tokens(LOGIN, claims={"iss": "mine", "exp": "odd"}, broken="expired")
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["iss"] == "mine"
    assert claims["exp"] < datetime.now(UTC).timestamp()


def test_a_key_that_is_wrong_has_signed_nevertheless(own_mint: Mint) -> None:
    """The token is whole under the other key: what fails is the check, not the form."""
    wrong, unknown = own_mint.tokens(broken="wrong_key"), own_mint.tokens(broken="unknown_kid")
    kids = {jwt.get_unverified_header(each.access_token)["kid"] for each in (wrong, unknown)}
    assert len(kids) == 2
    assert len(kids & {key["kid"] for key in wrong.jwks["keys"]}) == 1
    assert len(wrong.access_token.split(".")[2]) == 342


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


# Okta's own verifier, in a process of its own: it reads which CA to trust when it is imported.
OKTA_VERIFIER = """
import json, sys
from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
given = json.load(sys.stdin)
access = AccessTokenVerifier(given["issuer"], "api://default")
identity = IDTokenVerifier(given["issuer"], given["client_id"], "api://default")
def said(verify, token, claims):
    try: verify(token, claims)
    except Exception as error: return str(error)
    return "accepted"
print(json.dumps({
    name: [
        said(access.verify_sync, each["access_token"], ("iss", "aud", "exp", "iat")),
        said(identity.verify_sync, each["id_token"], ("iss", "exp", "iat")),
    ]
    for name, each in given["tokens"].items()
}))
"""
# It looks at no `cid`: an access token for another client is a matter of the API's own.
SAID = {
    "good": ["accepted", "accepted"],
    "expired": ["Signature has expired", "Signature has expired"],
    "not_yet_valid": ["not yet valid", "not yet valid"],
    "wrong_issuer": ["Invalid issuer", "Invalid issuer"],
    "wrong_audience": ["Audience doesn't match", "does not match Client ID"],
    "wrong_client": ["accepted", "does not match Client ID"],
    "wrong_key": ["Signature verification failed", "Signature verification failed"],
    "unknown_kid": ["No matching JWK", "No matching JWK"],
    "algorithm_none": ['"alg" is invalid', '"alg" is invalid'],
    "tampered": ["Signature verification failed", "Signature verification failed"],
    "without exp": ['"exp" is not present', '"exp" is not present'],
}


def test_okta_s_own_verifier_refuses_each_for_its_reason(shared_pool: KeyPool) -> None:
    with MockOkta(Config(seed=SEED, tls=True), key_pool=shared_pool) as org:
        own = Mint(SEED, url=org.url, key_pool=shared_pool)
        minted = {name: own.tokens(LOGIN, broken=name) for name in get_args(BreakageName)}
        minted |= {"good": own.tokens(LOGIN), "without exp": own.tokens(LOGIN, without=["exp"])}
        given = {
            "issuer": org.issuer(),
            "client_id": SPA,
            "tokens": {
                name: {"access_token": each.access_token, "id_token": each.id_token}
                for name, each in minted.items()
            },
        }
        done = subprocess.run(
            [sys.executable, "-c", OKTA_VERIFIER],
            input=json.dumps(given),
            env={"SSL_CERT_FILE": str(org.ca_path), "REQUESTS_CA_BUNDLE": str(org.ca_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    found = json.loads(done.stdout or done.stderr)
    for name, (access, identity) in SAID.items():
        assert access in found[name][0], name
        assert identity in found[name][1], name
    assert set(found) == set(SAID)


Ran = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def command(tmp_path: Path) -> Ran:
    """Run `mock-okta mint` to its end."""

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mock_okta", "mint", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return ran


def test_the_command_prints_tokens_and_their_jwks(command: Ran, tmp_path: Path) -> None:
    done = command(
        *("--user", "mine@example.com", "--client-id", SPA, "--issuer", "https://a.test/oauth2/b"),
        *("--scope", "openid", "--scope", "read", "--claim", "level=3", "--claim", "tier=gold"),
        *("--id-token-claim", 'groups=["a"]', "--lifetime", "60", "--nonce", "n"),
        *("--jwks", "jwks.json"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed = json.loads(done.stdout)
    jwks = json.loads((tmp_path / "jwks.json").read_text())
    assert jwks == printed["jwks"]
    issuer = printed["issuer"]
    assert issuer == "https://a.test/oauth2/b"
    access = verified(printed["access_token"], jwks, issuer=issuer, audience=AUDIENCE)
    identity = verified(printed["id_token"], jwks, issuer=issuer, audience=SPA)
    assert (access["sub"], access["scp"]) == ("mine@example.com", ["openid", "read"])
    assert (access["level"], access["tier"]) == (3, "gold")
    assert access["exp"] - access["iat"] == 60
    assert (identity["groups"], identity["nonce"]) == (["a"], "n")


def test_the_command_mints_broken_ones(command: Ran) -> None:
    done = command("--broken", "expired", "--without", "jti", "--only", "access_token")
    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert claims["exp"] < datetime.now(UTC).timestamp()
    assert "jti" not in claims


def test_the_command_mints_for_the_org_in_a_state_directory(command: Ran, tmp_path: Path) -> None:
    first, second = command("--state-dir", "state"), command("--state-dir", "state")
    assert json.loads(first.stdout)["jwks"] == json.loads(second.stdout)["jwks"]
    with MockOkta(Config(state_dir=tmp_path / "state")) as org:
        token = command("--state-dir", "state", "--issuer", org.issuer(), "--only", "id_token")
        keys = org.issuer() + "/v1/keys"
        claims = jwt.decode(
            token.stdout.strip(),
            jwt.PyJWKClient(keys).get_signing_key_from_jwt(token.stdout.strip()),
            algorithms=["RS256"],
            audience="0oa1spa00000000000h7",
        )
    assert claims["email"] == "tester@example.com"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--broken", "bent"], "'bent'"),
        (["--claim", "tier"], "NAME=VALUE"),
        (["--lifetime", "0"], "0"),
        (["--jwks", "missing/jwks.json"], "missing/jwks.json"),
        (["missing.yaml"], "missing.yaml"),
        (["--issuer", "http://localhost/oauth2/a/b"], "authorization server"),
        (["--client-id", SERVICE, "--only", "id_token"], "ID token"),
        (["--state-dir", "file"], "file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_command_tells_a_mistake_in_one_clear_line(
    command: Ran, tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "file").touch()
    done = command(*arguments)
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert named in line
    assert (done.returncode != 0, done.stdout) == (True, "")

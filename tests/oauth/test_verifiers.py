"""Independent libraries accept the tokens, and refuse what they should."""

import asyncio
import json
import os
import ssl
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import OTHER_SPA, SEED, SPA, Visitor

# Run in a process of its own: its HTTP client reads which CA to trust when it is imported.
OKTA_VERIFIER = """
import asyncio, json, sys
from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
from okta_jwt_verifier.exceptions import JWTInvalidConfigException, JWTValidationException

def tried(verify):
    try:
        outcome = verify()
        if asyncio.iscoroutine(outcome):
            asyncio.run(outcome)
    except (JWTInvalidConfigException, JWTValidationException) as error:
        return f"{type(error).__name__}: {error}"
    return "accepted"

given = json.load(sys.stdin)
issuer, access_token, id_token = given["issuer"], given["access_token"], given["id_token"]
def access(token=access_token, issuer=issuer, audience="api://default", how="verify"):
    return tried(lambda: getattr(AccessTokenVerifier(issuer, audience), how)(token))
def identity(token=id_token, client_id=given["client_id"], nonce="nonce-1", how="verify"):
    verifier = IDTokenVerifier(issuer, client_id, "api://default")
    return tried(lambda: getattr(verifier, how)(token, nonce=nonce))
json.dump({
    "access token": access(),
    "access token, without asyncio": access(how="verify_sync"),
    "ID token": identity(),
    "ID token, without asyncio": identity(how="verify_sync"),
    "tampered": access(given["tampered"]),
    "of another issuer": access(issuer=issuer.replace("default", "rich")),
    "for another audience": access(audience="api://other"),
    "of another nonce": identity(nonce="other"),
    "for another client": identity(client_id=given["other_client_id"]),
    "over http": access(issuer=issuer.replace("https:", "http:")),
}, sys.stdout)
"""


def tampered(token: str) -> str:
    """The token with another first octet in its signature."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


async def verdicts(given: dict[str, Any], ca_path: Path) -> dict[str, str]:
    environment = os.environ | {"SSL_CERT_FILE": str(ca_path), "REQUESTS_CA_BUNDLE": str(ca_path)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OKTA_VERIFIER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    out, _ = await process.communicate(json.dumps(given).encode())
    found: dict[str, str] = json.loads(out)
    return found


@pytest.mark.process
async def test_okta_s_own_verifier_accepts_the_tokens_of_an_https_org(
    shared_pool: KeyPool,
) -> None:
    config = Config(seed=SEED, tls=True)
    async with MockOkta(config, key_pool=shared_pool) as org:
        trust = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=org.ca_path))
        async with aiohttp.ClientSession(connector=trust) as http:
            tokens = await Visitor(org, http).tokens()
        found = await verdicts(
            {
                "issuer": org.issuer(),
                "access_token": tokens["access_token"],
                "id_token": tokens["id_token"],
                "tampered": tampered(tokens["access_token"]),
                "client_id": SPA,
                "other_client_id": OTHER_SPA,
            },
            org.ca_path,
        )
    accepted = [name for name, verdict in found.items() if verdict == "accepted"]
    assert accepted == [
        "access token",
        "access token, without asyncio",
        "ID token",
        "ID token, without asyncio",
    ], found
    assert len(found) == 10


def decoded(keys: dict[str, Any], token: str, *, issuer: str, audience: str) -> None:
    """Verify a token by PyJWT with the server's JWKS."""
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        issuer=issuer,
        audience=audience,
        options={"require": ["iss", "aud", "iat", "exp", "sub", "jti"]},
    )


@pytest.mark.parametrize("server", ["default", "rich"])
async def test_pyjwt_accepts_both_tokens_of_a_custom_server(
    org: MockOkta, visitor: Visitor, server: str
) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server=server)
    keys = (await visitor.ask("GET", visitor.url("keys", server))).json()
    issuer = org.issuer(server)
    decoded(keys, tokens["access_token"], issuer=issuer, audience=f"api://{server}")
    decoded(keys, tokens["id_token"], issuer=issuer, audience=SPA)


async def test_pyjwt_accepts_the_id_token_of_the_org_server_but_has_no_key_for_the_other(
    org: MockOkta, visitor: Visitor
) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server="org")
    keys = (await visitor.ask("GET", visitor.url("keys", "org"))).json()
    decoded(keys, tokens["id_token"], issuer=org.url, audience=SPA)
    with pytest.raises(KeyError):
        decoded(keys, tokens["access_token"], issuer=org.url, audience=org.url)


async def test_pyjwt_refuses_what_is_not_as_it_should_be(org: MockOkta, visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    keys = (await visitor.ask("GET", visitor.url("keys"))).json()
    good = {"issuer": org.issuer(), "audience": "api://default"}
    with pytest.raises(jwt.InvalidSignatureError):
        decoded(keys, tampered(token), **good)
    with pytest.raises(jwt.InvalidIssuerError):
        decoded(keys, token, issuer=org.issuer("rich"), audience="api://default")
    with pytest.raises(jwt.InvalidAudienceError):
        decoded(keys, token, issuer=org.issuer(), audience="api://other")
    org.clock.advance(timedelta(hours=-2))
    stale = (await visitor.tokens())["access_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        decoded(keys, stale, **good)
    org.clock.advance(timedelta(hours=4))
    early = (await visitor.tokens())["access_token"]
    with pytest.raises(jwt.ImmatureSignatureError):
        decoded(keys, early, **good)

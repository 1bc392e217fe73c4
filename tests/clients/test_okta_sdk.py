"""Okta's SDK for Python before 3.0, unmodified: it sends parameters of its token request by query.

It goes as far as to its access token, and to the door of the management API with that.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from urllib.parse import parse_qs

import jwt
import msgspec
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_okta import Config, KeyPool, MockOkta, SeedClient
from tests.clients.command_line import installed, python_of
from tests.visiting import SEED

pytestmark = pytest.mark.network

PACKAGE, VERSION = "okta", "2.9.13"
CLIENT_ID, SCOPE = "0oa1sdk00000000000h7", "okta.users.read"
KEY = rsa.generate_private_key(65537, 2048)
SCRIPT = """
import asyncio, json, sys
from okta.client import Client

async def main():
    await Client(json.load(sys.stdin)).list_users()

asyncio.run(main())
"""


@pytest.fixture
def sdk_org(shared_pool: KeyPool) -> Iterator[MockOkta]:
    own = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    service = SeedClient(
        name="SDK",
        type="service",
        client_id=CLIENT_ID,
        token_endpoint_auth_method="private_key_jwt",
        jwks=(own,),
        okta_scopes=(SCOPE,),
    )
    seed = msgspec.structs.replace(SEED, clients=(service,))
    with MockOkta(Config(tls=True, seed=seed), key_pool=shared_pool) as org:
        yield org


def test_the_sdk_has_its_token_and_shows_it(sdk_org: MockOkta) -> None:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    settings = {
        "orgUrl": sdk_org.url,
        "authorizationMode": "PrivateKey",
        "clientId": CLIENT_ID,
        "scopes": [SCOPE],
        "privateKey": pem.decode(),
    }
    done = subprocess.run(
        (str(python_of(installed(PACKAGE, VERSION))), "-W", "ignore", "-c", SCRIPT),
        input=json.dumps(settings),
        env=os.environ | {"SSL_CERT_FILE": str(sdk_org.ca_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    url = f"{sdk_org.url}/_mock/requests"
    recorded = requests.get(url, verify=str(sdk_org.ca_path), timeout=9).json()
    asked, called = recorded["requests"]
    assert (asked["path"], asked["status"]) == ("/oauth2/v1/token", 200)
    assert set(parse_qs(asked["query"])) == {"grant_type", "scope", "client_assertion_type"}
    token = json.loads(asked["response_body"])["access_token"]
    assert called["path"] == "/api/v1/users"
    assert called["headers"]["authorization"] == f"Bearer {token}"

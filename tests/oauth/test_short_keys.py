"""A key too short for its algorithm verifies nothing (RFC 7518 3.2; facts/oauth D.2)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

import msgspec
import pytest

from mock_okta import Config, Seed, SeedClient
from tests.visiting import CALLBACK, SEED, WEB, Visitor

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNER = "0oa1sjw00000000000h7"
LENGTHS = [
    ("HS256", 31, False),
    ("HS256", 32, True),
    ("HS384", 47, False),
    ("HS384", 48, True),
    ("HS512", 63, False),
    ("HS512", 64, True),
]
Claims = dict[str, object]


@pytest.fixture
def config(length: int) -> Config:
    secret = length * "s"
    web = SeedClient(
        name="Web",
        type="web",
        client_id=WEB,
        client_secret=secret,
        login_redirect_uris=(CALLBACK,),
    )
    signer = SeedClient(
        name="Signer",
        type="service",
        client_id=SIGNER,
        client_secret=secret,
        token_endpoint_auth_method="client_secret_jwt",
    )
    others = tuple(client for client in SEED.clients if client.client_id != WEB)
    seed: Seed = msgspec.structs.replace(SEED, clients=(*others, web, signer))
    return Config(seed=seed)


def _signed(algorithm: str, length: int, claims: Claims) -> str:
    """By hand: a library would warn of the short key."""
    parts = ({"alg": algorithm}, claims)
    text = b".".join(urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=") for part in parts)
    hashed = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
    signature = hmac.digest(length * b"s", text, hashed[algorithm])
    return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


@pytest.mark.parametrize(("algorithm", "length", "is_taken"), LENGTHS)
async def test_a_request_object_needs_a_secret_as_long_as_the_hash(
    visitor: Visitor,
    algorithm: str,
    length: int,
    is_taken: bool,  # noqa: FBT001 -- a case's own
) -> None:
    await visitor.sign_in()
    claims: Claims = {"iss": WEB, "aud": visitor.org.issuer(), "state": "inside"}

    signed = _signed(algorithm, length, claims)
    answer = await visitor.authorize({"client_id": WEB, "request": signed})

    assert answer.returned.get("error") == (None if is_taken else "invalid_request_object")
    assert answer.returned["state"] == ("inside" if is_taken else "state-1")


@pytest.mark.parametrize(("algorithm", "length", "is_taken"), LENGTHS)
async def test_an_assertion_needs_a_secret_as_long_as_the_hash(
    visitor: Visitor,
    algorithm: str,
    length: int,
    is_taken: bool,  # noqa: FBT001 -- a case's own
) -> None:
    claims: Claims = {
        "iss": SIGNER,
        "sub": SIGNER,
        "aud": visitor.url("token"),
        "exp": visitor.org.clock.epoch() + 60,
    }
    form = {
        "grant_type": "client_credentials",
        "scope": "messages.read",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": _signed(algorithm, length, claims),
    }

    answer = await visitor.post("token", form)

    assert answer.status == (200 if is_taken else 401), answer.text
    assert answer.json().get("error") == (None if is_taken else "invalid_client")

"""The DPoP proof (RFC 9449 4.3, facts/oauth E.8): every rule has a failing case."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mock_okta import Config, MockOkta
from mock_okta.oauth.checks.dpop import DpopProof, url_is_the_request_s
from mock_okta.oauth.errors import InvalidDpopProof
from tests.oauth.holding import (
    KEYS,
    NEEDS_NONCE,
    RSA,
    SECRET_QUOTED,
    USED,
    Holder,
    dpop_org,
    public_jwk,
    with_long_exponent,
)
from tests.visiting import SERVICE, Visitor, basic

PARSED = "The parsing of the DPoP proof JWT failed."
BAD_JWK = "The 'jwk' header in the DPoP proof JWT is invalid."
BAD_SIGNATURE = "The DPoP proof JWT signature is invalid."


@pytest.fixture
def config() -> Config:
    return dpop_org()


@pytest.mark.parametrize(
    ("claims", "header", "description"),
    [
        ({}, {"typ": "JWT"}, "The 'typ' header in the DPoP proof JWT must be 'dpop+jwt'."),
        ({}, {"jwk": None}, BAD_JWK),
        ({}, {"jwk": {}}, BAD_JWK),
        ({}, {"jwk": "text"}, BAD_JWK),
        ({}, {"jwk": public_jwk(KEYS["ES256"]) | {"x": 1}}, BAD_JWK),
        ({}, {"jwk": public_jwk(KEYS["ES256"]) | {"x": "AA"}}, BAD_JWK),
        ({}, {"jwk": public_jwk(KEYS["ES256"]) | {"x": "\ud800"}}, BAD_JWK),
        ({}, {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}, BAD_JWK),
        ({}, {"jwk": public_jwk(KEYS["ES384"])}, BAD_JWK),
        ({}, {"jwk": public_jwk(RSA)}, BAD_JWK),
        (
            {},
            {"jwk": public_jwk(KEYS["ES256"]) | {"d": "AAAA"}},
            "The 'jwk' header in the DPoP proof JWT must not contain a private key.",
        ),
        ({}, {"jwk": public_jwk(ec.generate_private_key(ec.SECP256R1()))}, BAD_SIGNATURE),
        ({"htm": "GET"}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htm": "post"}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htm": None}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htu": None}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": 1}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "http://[/"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{url}/?a=b"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{url}/"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{org}/oauth2/v1/token"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        (
            {"htu": "http://localhost/oauth2/default/v1/token"},
            {},
            "'htu' claim in the DPoP proof JWT is invalid.",
        ),
        ({"iat": None}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": "1"}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": True}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": float("nan")}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": 10**400}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"jti": None}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
        ({"jti": ""}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
        ({"jti": 1}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
    ],
)
async def test_a_proof_that_is_not_as_it_must_be_is_refused(
    holder: Holder, claims: Mapping[str, Any], header: Mapping[str, Any], description: str
) -> None:
    url = holder.visitor.url("token")
    filled = {
        name: value.replace("{url}", url).replace("{org}", holder.visitor.org.url)
        if isinstance(value, str)
        else value
        for name, value in claims.items()
    }
    proof = _unverified_jwt(holder, url, filled, header)
    answer = await holder.ask(proof=proof)
    expected = {"error": "invalid_dpop_proof", "error_description": description}
    assert (answer.status, answer.json()) == (400, expected)
    assert "dpop-nonce" not in answer.headers
    assert (await holder.ask()).status == 200


def _unverified_jwt(
    holder: Holder, url: str, claims: Mapping[str, Any], header: Mapping[str, Any]
) -> str:
    """A proof of any content, even such as PyJWT would not write."""
    good = {
        "htm": "POST",
        "htu": url,
        "iat": holder.visitor.org.clock.epoch(),
        "jti": "odd",
        "nonce": holder.nonce,
    } | dict(claims)
    named = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public_jwk(holder.key)} | dict(header)
    parts = [
        base64.urlsafe_b64encode(
            json.dumps({n: v for n, v in part.items() if v is not None}).encode()
        ).rstrip(b"=")
        for part in (named, good)
    ]
    signing_input = b".".join(parts)
    algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(algorithm.sign(signing_input, holder.key)).rstrip(b"=")
    return (signing_input + b"." + signature).decode()


@pytest.mark.parametrize(
    "proof",
    [
        "made-up",
        "a.b.c",
        "",
        ".".join([base64.urlsafe_b64encode(b"[]").decode().rstrip("=")] * 3),
        base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.AA",
        base64.urlsafe_b64encode(b'{"alg":"ES256","kid":1}').decode().rstrip("=") + ".e30.AA",
    ],
)
async def test_what_is_no_jwt_is_refused(holder: Holder, proof: str) -> None:
    answer = await holder.ask(proof=proof)
    assert (answer.status, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert answer.json()["error_description"] == PARSED


@pytest.mark.parametrize("algorithm", ["HS256", "none", "PS256", "EdDSA"])
async def test_other_algorithms_are_refused(holder: Holder, algorithm: str) -> None:
    proof = _unverified_jwt(holder, holder.visitor.url("token"), {}, {"alg": algorithm})
    answer = await holder.ask(proof=proof)
    assert answer.json() == {
        "error": "invalid_dpop_proof",
        "error_description": "The 'alg' header in the DPoP proof JWT is not supported.",
    }


async def test_a_short_rsa_key_is_refused(holder: Holder) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- refused
    proof = _unverified_jwt(
        holder, holder.visitor.url("token"), {}, {"alg": "RS256", "jwk": public_jwk(short)}
    )
    answer = await holder.ask(proof=proof)
    assert answer.status == 400
    assert "2,048" in answer.json()["error_description"]


async def test_a_key_that_takes_long_to_verify_with_is_refused(visitor: Visitor) -> None:
    holder = Holder(visitor, "RS256", with_long_exponent(RSA))
    answer = await holder.ask()
    assert answer.status == 400
    assert answer.json() == {
        "error": "invalid_dpop_proof",
        "error_description": "The 'jwk' header in the DPoP proof JWT is invalid.",
    }


async def test_two_proofs_in_one_request_are_refused(visitor: Visitor, holder: Holder) -> None:
    url = visitor.url("token")
    headers = [*basic(SERVICE, SECRET_QUOTED).items()]
    headers += [("DPoP", holder.proof(url)), ("DPoP", holder.proof(url))]
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    answer = await visitor.ask("POST", url, data=form, headers=headers)
    assert answer.status == 400
    assert answer.json()["error_description"] == (
        "The request has more than one DPoP proof JWT header."
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda url: url.replace("http://localhost", "HTTP://LOCALHOST"), 200),
        (lambda url: f"{url}?a=b", 200),
        (lambda url: f"{url}#a", 200),
        (lambda url: f"{url}?a=b#?", 200),
        (lambda url: url.replace("localhost", "127.0.0.1"), 400),
        (lambda url: url.replace("http:", "https:"), 400),
        (lambda url: url.replace("//", "//user@"), 400),
    ],
)
async def test_the_url_is_compared_as_urls_are(
    holder: Holder, change: Callable[[str], str], status: int
) -> None:
    answer = await holder.ask({"htu": change(holder.visitor.url("token"))})
    assert answer.status == status


@pytest.mark.parametrize(
    ("seconds", "status"), [(-301, 400), (-300, 200), (30, 200), (31, 400), (0.5, 200)]
)
async def test_a_proof_is_fresh_by_the_org_s_clock(
    org: MockOkta, holder: Holder, seconds: float, status: int
) -> None:
    org.clock.advance(timedelta(days=1000))
    holder.nonce = (await holder.ask()).headers["dpop-nonce"]
    answer = await holder.ask({"iat": org.clock.epoch() + seconds})
    assert answer.status == status


@pytest.mark.parametrize("nonce", ["made-up", "", 1, "\ud800"])
async def test_another_nonce_is_answered_with_the_right_one(holder: Holder, nonce: Any) -> None:
    proof = _unverified_jwt(holder, holder.visitor.url("token"), {"nonce": nonce}, {})
    answer = await holder.ask(proof=proof)
    assert (answer.status, answer.json()) == (400, NEEDS_NONCE)
    assert answer.headers["dpop-nonce"] == holder.nonce


async def test_a_proof_is_good_once(org: MockOkta, holder: Holder) -> None:
    proof = holder.proof(holder.visitor.url("token"))
    assert (await holder.ask(proof=proof)).status == 200
    for _ in range(2):
        again = await holder.ask(proof=proof)
        assert (again.status, again.json()["error_description"]) == (400, USED)
        org.clock.advance(timedelta(seconds=150))


async def test_another_key_may_use_the_same_id(visitor: Visitor, holder: Holder) -> None:
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    assert (await holder.ask({"jti": "same"})).status == 200
    assert (await other.ask({"jti": "same"})).status == 200


async def test_a_proof_refused_for_its_nonce_is_not_spent(holder: Holder) -> None:
    nonce = holder.nonce
    assert (await holder.ask({"jti": "kept", "nonce": "old"})).json() == NEEDS_NONCE
    assert (await holder.ask({"jti": "kept", "nonce": nonce})).status == 200


async def test_of_64_requests_at_once_with_one_proof_one_succeeds(holder: Holder) -> None:
    proof = holder.proof(holder.visitor.url("token"))
    answers = await asyncio.gather(*(holder.ask(proof=proof) for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 63


@pytest.mark.parametrize("scheme_and_port", [("http", 80), ("https", 443)])
def test_a_scheme_s_own_port_may_be_named_or_left_out(scheme_and_port: tuple[str, int]) -> None:
    """RFC 3986 6.2.3."""
    scheme, port = scheme_and_port
    bare, named = f"{scheme}://okta.example/v1/token", f"{scheme}://okta.example:{port}/v1/token"
    for htu, url in ((bare, named), (named, bare)):
        url_is_the_request_s(_with_urls(htu, url))
    with pytest.raises(InvalidDpopProof, match="htu"):
        url_is_the_request_s(_with_urls(bare, f"{scheme}://okta.example:8700/v1/token"))


def _with_urls(htu: str, url: str) -> DpopProof:
    return DpopProof(text="", header={}, claims={"htu": htu}, method="POST", url=url, now=0)

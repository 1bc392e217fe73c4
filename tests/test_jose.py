"""Encodings of JOSE, by the examples of their own specifications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_okta.jose import (
    base64url,
    base64url_number,
    base64url_octets,
    half_hash,
    sha256,
    thumbprint,
)

RSA = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc"
    "_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQ"
    "R0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bF"
    "TWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}


def test_a_thumbprint_is_the_one_of_rfc_7638_section_3_1() -> None:
    assert thumbprint(RSA) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_thumbprint_is_of_the_public_members_alone() -> None:
    public = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
    assert thumbprint(public | {"d": "secret", "use": "sig"}) == thumbprint(public)
    assert thumbprint(public) != thumbprint(public | {"x": "c"})


def test_a_challenge_is_the_one_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert sha256(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_an_access_token_s_hash_is_the_one_of_openid_connect_core_a_3() -> None:
    token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
    assert half_hash(token) == "77QmUPtjPfzWtF2AnpK9RQ"


@pytest.mark.parametrize(
    ("octets", "text"),
    [(b"", ""), (b"\xfb\xef\xff", "--__"), (b"\x03\xec\xff\xe0\xc1", "A-z_4ME"), (b"{}", "e30")],
)
def test_base64url_has_its_own_alphabet_and_no_padding(octets: bytes, text: str) -> None:
    assert base64url(octets) == text
    assert base64url_octets(text) == octets


@given(st.binary())
def test_what_was_encoded_is_decoded_with_padding_and_without(octets: bytes) -> None:
    text = base64url(octets)
    assert base64url_octets(text) == octets
    assert base64url_octets(text + "=" * (-len(text) % 4)) == octets


def test_numbers_take_as_few_octets_as_they_can() -> None:
    assert base64url_number(65537) == RSA["e"]
    assert base64url_octets(base64url_number(2**1024)) == b"\x01" + bytes(128)

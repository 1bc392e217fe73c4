"""Rules for DPoP proofs (RFC 9449 4.2 and 4.3; facts/oauth E.8).

The texts about a missing header, the nonce and `ath` are recorded; those about `htu` and a used
proof are from reports. The others are made up in the same style, and unverified.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from msgspec import Struct

from mock_okta.jose import sha256
from mock_okta.oauth.errors import InvalidDpopProof
from mock_okta.oauth.jwks import PRIVATE_MEMBERS, public_key
from mock_okta.oauth.jwt_checks import CLOCK_SKEW, KEY_ALGORITHMS, is_instant, signed_by

__all__ = ["CHECKS", "DPOP_ALGORITHMS", "DpopProof", "proof_is_for_token"]

DPOP_ALGORITHMS = KEY_ALGORITHMS
_KEY_KINDS = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
_FEWEST_RSA_BITS = 2048
_OLDEST = 300


class DpopProof(Struct, frozen=True, kw_only=True):
    """A decoded but unverified proof, and its request.

    `url`: the request's, without query. `now`: the org's time in epoch seconds.
    """

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]
    method: str
    url: str
    now: int


def type_is_dpop(proof: DpopProof) -> None:
    """RFC 9449 4.2: no other JWT is accepted as a proof."""
    if proof.header.get("typ") != "dpop+jwt":
        raise InvalidDpopProof("The 'typ' header in the DPoP proof JWT must be 'dpop+jwt'.")


def algorithm_is_asymmetric(proof: DpopProof) -> None:
    """RFC 9449 4.2."""
    if proof.header.get("alg") not in DPOP_ALGORITHMS:
        raise InvalidDpopProof(
            "The 'alg' header in the DPoP proof JWT is not supported.",
            remark=f"supported are {', '.join(DPOP_ALGORITHMS)}",
        )


def key_is_public(proof: DpopProof) -> None:
    """RFC 9449 4.2: the private key stays with the client."""
    jwk = proof.header.get("jwk")
    if not isinstance(jwk, dict) or not all(isinstance(value, str) for value in _named(jwk)):
        raise InvalidDpopProof("The 'jwk' header in the DPoP proof JWT is invalid.")
    if PRIVATE_MEMBERS & jwk.keys():
        raise InvalidDpopProof(
            "The 'jwk' header in the DPoP proof JWT must not contain a private key."
        )


def key_suits_algorithm(proof: DpopProof) -> None:
    """RFC 7518 3.1: RSA keys of 2048 bits or more, and each ES algorithm its own curve."""
    algorithm, jwk = proof.header["alg"], proof.header["jwk"]
    expected = _KEY_KINDS.get(algorithm, ("RSA", None))
    if (jwk.get("kty"), jwk.get("crv")) != expected:
        raise InvalidDpopProof(
            "The 'jwk' header in the DPoP proof JWT is invalid.",
            remark=f"'{algorithm}' needs a key with (kty, crv) {expected}",
        )


def signature_is_of_the_key(proof: DpopProof) -> None:
    """RFC 9449 4.3."""
    try:
        key = public_key(proof.header["jwk"], proof.header["alg"])
    except ValueError as error:
        raise InvalidDpopProof(
            "The 'jwk' header in the DPoP proof JWT is invalid.", remark=str(error)
        ) from error
    if isinstance(key, RSAPublicKey) and key.key_size < _FEWEST_RSA_BITS:
        raise InvalidDpopProof("The RSA key of the DPoP proof JWT has less than 2,048 bits.")
    if not signed_by(proof.text, [key], (proof.header["alg"],)):
        raise InvalidDpopProof("The DPoP proof JWT signature is invalid.")


def method_is_the_request_s(proof: DpopProof) -> None:
    """RFC 9449 4.3."""
    if proof.claims.get("htm") != proof.method:
        raise InvalidDpopProof(
            "'htm' claim in the DPoP proof JWT is invalid.",
            remark=f"'htm' is {proof.claims.get('htm')!r}, the method {proof.method}",
        )


def url_is_the_request_s(proof: DpopProof) -> None:
    """RFC 9449 4.3: query and fragment are ignored in both URLs."""
    htu = proof.claims.get("htu")
    if not isinstance(htu, str) or _normal(htu) != _normal(proof.url):
        raise InvalidDpopProof(
            "'htu' claim in the DPoP proof JWT is invalid.",
            remark=f"'htu' is {htu!r}, the URL {proof.url}",
        )


def proof_is_fresh(proof: DpopProof) -> None:
    """RFC 9449 11.1: made in the last five minutes, with some skew. Okta's limit is unverified."""
    issued = proof.claims.get("iat")
    if not is_instant(issued) or not proof.now - _OLDEST <= issued <= proof.now + CLOCK_SKEW:
        raise InvalidDpopProof(
            "'iat' claim in the DPoP proof JWT is invalid.",
            remark=f"'iat' is {issued!r}, the org's clock says {proof.now}",
        )


def id_is_given(proof: DpopProof) -> None:
    """RFC 9449 4.2."""
    jti = proof.claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise InvalidDpopProof("'jti' claim in the DPoP proof JWT is invalid.")


CHECKS: tuple[Callable[[DpopProof], None], ...] = (
    type_is_dpop,
    algorithm_is_asymmetric,
    key_is_public,
    key_suits_algorithm,
    signature_is_of_the_key,
    method_is_the_request_s,
    url_is_the_request_s,
    proof_is_fresh,
    id_is_given,
)
"""The rules for every proof, in order of precedence."""


def proof_is_for_token(proof: DpopProof, access_token: str) -> None:
    """RFC 9449 4.3: at a resource, the proof names the access token that comes with it."""
    if proof.claims.get("ath") != sha256(access_token):
        raise InvalidDpopProof(
            "'ath' claim in the DPoP proof does not match the presented access_token."
        )


def _named(jwk: dict[str, Any]) -> list[Any]:
    """Return the required members of the key (RFC 7638 3.2)."""
    names = ("kty", "crv", "x", "y") if jwk.get("kty") == "EC" else ("kty", "n", "e")
    return [jwk.get(name) for name in names]


def _normal(url: str) -> tuple[str, ...] | None:
    """Return the URL normalized (RFC 3986 6.2.2, 6.2.3); None if it is not a valid `htu`."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return None
    if parts.username is not None:
        return None
    return parts.scheme, parts.hostname or "", str(port), parts.path

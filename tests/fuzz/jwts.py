"""JWTs that clients make, good ones and spoilt ones; `Jwt` remembers what it was made of."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import strategies as st

from tests.visiting import CALLBACK, LOGIN, OTHER_LOGIN, SECRET, SERVICE

LONG_SECRET = "a long secret of 64 octets " + 37 * "x"
_RSA, _OTHER_RSA = (rsa.generate_private_key(65537, 2048) for _ in range(2))
_EC, _OTHER_EC = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
_PEM = _RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
_FRESH = count()
SPOILT = "spoilt"


@dataclass(frozen=True)
class Signer:
    """A key and how it signs; `name` distinguishes keys."""

    name: str
    algorithm: str
    key: Any

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key; the stranger's for what has none."""
        if self.algorithm.startswith(("HS", "none")):
            return SIGNERS["other rsa"].jwk
        made = json.loads(jwt.get_algorithm_by_name(self.algorithm).to_jwk(self.key.public_key()))
        return {name: made[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in made}


SIGNERS: Mapping[str, Signer] = {
    "rsa": Signer("rsa", "RS256", _RSA),
    "rsa 512": Signer("rsa", "RS512", _RSA),
    "ec": Signer("ec", "ES256", _EC),
    "other rsa": Signer("other rsa", "RS256", _OTHER_RSA),
    "other ec": Signer("other ec", "ES256", _OTHER_EC),
    "secret": Signer("secret", "HS256", LONG_SECRET.encode()),
    "secret 512": Signer("secret", "HS512", LONG_SECRET.encode()),
    "short secret": Signer("short secret", "HS256", SECRET.encode()),
    "other secret": Signer("other secret", "HS256", b"w" * 64),
    "empty secret": Signer("empty secret", "HS256", b""),
    "public key as secret": Signer("public key", "HS256", _PEM),
    "nobody": Signer("nobody", "none", None),
}
JWKS = tuple({**SIGNERS[name].jwk, "kid": name} for name in ("rsa", "ec"))


@dataclass(frozen=True)
class Jwt:
    """What a JWT was made of; `is_cut`: its signature is not what the key made."""

    claims: Mapping[str, Any]
    signer: Signer
    header: Mapping[str, Any]
    is_cut: bool = False

    def text(self) -> str:
        header = {"alg": self.signer.algorithm, **self.header}
        signed = f"{_encoded(header)}.{_encoded(self.claims)}"
        signature = _signature(self.signer, signed.encode())
        if self.is_cut:
            signature = bytes([*signature[:5], *signature[6:]])
        return f"{signed}.{_base64url(signature)}"

    def is_signed_by(self, *keys: str) -> bool:
        """Whether one of the keys made it, no `kid` names another, and no extension is critical."""
        is_secret = self.signer.algorithm.startswith("HS")
        is_named = is_secret or self.header.get("kid", self.signer.name) == self.signer.name
        is_plain = not self.is_cut and "crit" not in self.header
        return is_plain and self.signer.name in keys and is_named


@dataclass(frozen=True)
class Ahead:
    """An instant, in seconds from now."""

    seconds: int


@dataclass(frozen=True)
class Flaw:
    """What is otherwise than in a good JWT: None leaves a claim out, NULL is null."""

    claims: Mapping[str, Any]
    header: Mapping[str, Any]
    signer: str | None
    is_cut: bool


NULL = object()
FRESH_TEXT, FRESH_NUMBER, FRESH_LIST = object(), object(), object()


def fresh() -> str:
    """An identifier that was never used."""
    return f"jti-{next(_FRESH)}"


def spoilt(good: Jwt, flaw: Flaw, now: int, url: str) -> Jwt:
    """Return the JWT with the flaw."""
    claims = {
        name: value for name, value in (good.claims | flaw.claims).items() if value is not None
    }
    signer = good.signer if flaw.signer is None else SIGNERS[flaw.signer]
    return replace(
        good,
        claims={name: _resolved(value, now, url) for name, value in claims.items()},
        signer=signer,
        header=good.header | flaw.header,
        is_cut=flaw.is_cut,
    )


def _resolved(value: Any, now: int, url: str) -> Any:
    if isinstance(value, Ahead):
        return now + value.seconds
    if isinstance(value, str):
        return value.replace("{url}", url)
    if isinstance(value, list):
        return [_resolved(each, now, url) for each in value]
    made = {NULL: lambda: None, FRESH_TEXT: fresh, FRESH_NUMBER: lambda: next(_FRESH)}
    made[FRESH_LIST] = lambda: [fresh(), None]
    known = [make for key, make in made.items() if key is value]
    return known[0]() if known else value


def _signature(signer: Signer, signed: bytes) -> bytes:
    if signer.algorithm == "none":
        return b""
    signature: bytes = jwt.get_algorithm_by_name(signer.algorithm).sign(signed, signer.key)
    return signature


def _encoded(value: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(value).encode())


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


_odd = st.sampled_from(
    (NULL, "", 0, 5, -1, True, [], [None], {}, {"a": []}, "\ud800", "<fuzz>", "x" * 300, 1 << 70)
)
_times = st.sampled_from(
    [Ahead(s) for s in (-86400, -301, -300, -1, 0, 1, 30, 31, 3600, 3601, 10**7)]
)
_places = st.sampled_from(
    (
        "{url}/oauth2/default/v1/token", "{url}/oauth2/default", "{url}/oauth2/v1/token",
        "{url}/oauth2/default/v1/par", "{url}/oauth2/default/v1/token?x=y", "{url}", CALLBACK,
        ["{url}/oauth2/default/v1/token", "x"], ["x", "{url}/oauth2/default"], "http://evil.example",
    )
)  # fmt: skip
_ids = st.sampled_from((None, NULL, FRESH_TEXT, FRESH_NUMBER, FRESH_LIST))
_words = st.sampled_from((LOGIN, LOGIN.upper(), OTHER_LOGIN, SERVICE, "GET", "POST", "post"))
_absent = st.none()
_OF_CLAIMS: Mapping[str, st.SearchStrategy[Any]] = {
    "aud": _absent | _places | _odd,
    "exp": _absent | _times | _times | _odd,
    "iat": _absent | _times | _odd,
    "nbf": _absent | _times | _odd,
    "iss": _absent | _words | _odd,
    "sub": _absent | _words | _odd,
    "jti": _ids,
    "htm": _absent | _words | _odd,
    "htu": _absent | _places | _odd,
    "nonce": _absent | _words | _odd,
}
_header = st.sampled_from(
    (
        {}, {}, {}, {"kid": "rsa"}, {"kid": "ec"}, {"kid": "unknown"}, {"typ": "JWT"},
        {"typ": "dpop+jwt"}, {"crit": ["odd"], "odd": 1}, {"jwk": SIGNERS["other ec"].jwk},
        {"jwk": {**SIGNERS["rsa"].jwk, "d": "AQAB"}}, {"jwk": {"kty": "oct", "k": "AQAB"}},
        {"jwk": None},
    )
)  # fmt: skip
GOOD = Flaw(claims={}, header={}, signer=None, is_cut=False)
OF_PROOFS = ("htm", "htu", "iat", "jti", "nonce")
OF_ASSERTIONS = ("aud", "exp", "iat", "nbf", "iss", "sub", "jti")
OF_REQUESTS = ("aud", "exp", "iat", "nbf", "iss", "jti")


def flaws(names: tuple[str, ...]) -> st.SearchStrategy[Flaw]:
    """Flaws in the claims `names`, in the header, and of the signature: none, one or several."""
    one = st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), _OF_CLAIMS[name]))
    claims = st.lists(one, min_size=1, max_size=2).map(dict)
    signers = st.sampled_from(sorted(SIGNERS))
    with_claims = claims.map(lambda changed: replace(GOOD, claims=changed))
    return st.one_of(
        st.just(GOOD),
        with_claims,
        with_claims,
        signers.map(lambda signer: replace(GOOD, signer=signer)),
        _header.map(lambda header: replace(GOOD, header=header)),
        st.just(replace(GOOD, is_cut=True)),
        st.builds(Flaw, claims, _header, st.none() | signers, st.booleans()),
    )

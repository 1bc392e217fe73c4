"""The tests' own idea of who may have a token: written from the RFCs, not from the server."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

from mock_okta import SeedClient
from tests.fuzz.jwts import Jwt
from tests.fuzz.proofs import asserts_client, proves_key, vouches_for_user
from tests.fuzz.registered import (
    ACCESS_TOKEN,
    ASSERTION_TYPE,
    CLIENTS,
    CUSTOM_SCOPES,
    DEVICE,
    EXCHANGE,
    JWT_BEARER,
    OPEN,
    may_be_asked_of_users,
)
from tests.visiting import LOGIN, PASSWORD, SECRET

Pairs = Iterable[tuple[str, str]]
TOKEN = "/oauth2/default/v1/token"
_KEY = "key of the DPoP proof"


def basic(client_id: str, secret: str) -> str:
    """RFC 6749 2.3.1."""
    raw = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(raw.encode()).decode()}"


BASIC = {
    basic(client_id, secret): (client_id, secret)
    for client_id in CLIENTS
    for secret in (SECRET, "wrong")
}


@dataclass(frozen=True)
class Code:
    """What an authorization code was given for."""

    client_id: str
    redirect_uri: str
    challenge: str | None


@dataclass(frozen=True)
class Refresh:
    """What a refresh token was given for; `key`: the name of the one it is bound to."""

    client_id: str
    scopes: frozenset[str]
    key: str | None = None


@dataclass
class Facts:
    """What the org has handed out, at the server `default`, to the user LOGIN.

    `jwts`: those that clients made, by their text. `spent`: what is good no more. `devices`: the
    clients of the device codes that were allowed.
    """

    url: str
    now: int
    codes: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, Refresh] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    devices: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    jwts: dict[str, Jwt] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    def proves(self, pairs: Pairs, headers: Mapping[str, str]) -> bool:
        """Whether this request to /token may be answered with tokens."""
        given = _once(pairs)
        if given is None or self.spent & {*given.values(), headers.get("DPoP")}:
            return False
        client = self.authenticated(given, headers.get("Authorization"), self.url + TOKEN)
        if client is None or given.get("grant_type") not in client.grant_types_:
            return False
        origin = headers.get("Origin")
        if origin not in (None, self.url) and not client.may_come_from(origin or "", given):
            return False
        if "DPoP" not in headers and client.seed.dpop_bound_access_tokens:
            return False
        key = self._key(headers.get("DPoP"))
        if "DPoP" in headers and key is None:
            return False
        return _PROOFS[given["grant_type"]](self, client, given | {_KEY: key or ""})

    def spend(self, pairs: Pairs, headers: Mapping[str, str]) -> None:
        """Record that tokens were issued: one-time values are used up."""
        given = dict(pairs)
        grant = given.get("grant_type", "")
        if grant in _PROVEN_BY:
            self.spent.add(given[_PROVEN_BY[grant]])
        vouching = given.get("assertion", "") if grant == JWT_BEARER else ""
        for text in (given.get("client_assertion", ""), headers.get("DPoP", ""), vouching):
            if text in self.jwts and self.jwts[text].claims.get("jti") is not None:
                self.spent.add(text)

    def _key(self, proof: str | None) -> str | None:
        made = self.jwts.get(proof or "")
        return None if made is None else proves_key(made, self.url + TOKEN, self.now, self.nonces)

    def authenticated(
        self, given: Mapping[str, str], header: str | None, endpoint: str
    ) -> "Known | None":
        """RFC 6749 2.3: one way, and the right secret; a public client has none to give."""
        by_header = BASIC.get(header or "")
        if "client_assertion" in given:
            is_alone = by_header is None and "client_secret" not in given
            return self._asserted(given, endpoint) if is_alone else None
        if by_header is not None and "client_secret" in given:
            return None
        client_id, secret = by_header or (given.get("client_id", ""), given.get("client_secret"))
        if given.get("client_id", client_id) != client_id or client_id not in CLIENTS:
            return None
        client = Known(client_id, CLIENTS[client_id])
        is_right = not client.must_sign and client.seed.client_secret == secret
        return client if is_right else None

    def _asserted(self, given: Mapping[str, str], endpoint: str) -> "Known | None":
        made = self.jwts.get(given["client_assertion"])
        if made is None or given.get("client_assertion_type") != ASSERTION_TYPE:
            return None
        client_id = asserts_client(made, endpoint, self.now)
        if client_id is None or given.get("client_id", client_id) != client_id:
            return None
        return Known(client_id, CLIENTS[client_id])

    def proves_code(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 4.1.3, RFC 7636 4.6."""
        code = self.codes.get(given.get("code", ""))
        return (
            code is not None
            and code.client_id == client.id
            and code.redirect_uri == given.get("redirect_uri")
            and code.challenge == challenge_of(given.get("code_verifier"))
        )

    def proves_refresh(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 6; RFC 9449 5."""
        token = self.refresh_tokens.get(given.get("refresh_token", ""))
        return (
            token is not None
            and token.client_id == client.id
            and frozenset(given.get("scope", "").split()) <= token.scopes
            and token.key in (None, given[_KEY])
        )

    def proves_service(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 4.4: no default scope is set, and those of a user are not for a service."""
        scopes = frozenset(given.get("scope", "").split())
        return client.is_confidential and bool(scopes) and scopes <= CUSTOM_SCOPES

    def proves_password(self, _: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 4.3."""
        user = (given.get("username", "").lower(), given.get("password"))
        return user == (LOGIN, PASSWORD) and _asks_scopes(given)

    def proves_exchange(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 8693 2.1."""
        return (
            given.get("subject_token") in self.access_tokens
            and given.get("subject_token_type") == ACCESS_TOKEN
            and given.get("requested_token_type", ACCESS_TOKEN) == ACCESS_TOKEN
            and given.get("audience", "api://default") == "api://default"
            and self.proves_service(client, given)
        )

    def proves_device(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 8628 3.4."""
        return self.devices.get(given.get("device_code", "")) == client.id

    def proves_bearer(self, _: "Known", given: Mapping[str, str]) -> bool:
        """RFC 7523 2.1."""
        made = self.jwts.get(given.get("assertion", ""))
        is_vouched = made is not None and vouches_for_user(made, self.url, self.now)
        return is_vouched and _asks_scopes(given)


_PROVEN_BY = {"authorization_code": "code", DEVICE: "device_code"}
_PROOFS = {
    "authorization_code": Facts.proves_code,
    "refresh_token": Facts.proves_refresh,
    "client_credentials": Facts.proves_service,
    "password": Facts.proves_password,
    EXCHANGE: Facts.proves_exchange,
    DEVICE: Facts.proves_device,
    JWT_BEARER: Facts.proves_bearer,
}


@dataclass(frozen=True)
class Known:
    """A client that said who it is, and proved it if it has anything to prove it with."""

    id: str
    seed: SeedClient

    @property
    def is_confidential(self) -> bool:
        return self.seed.authentication_method != "none"

    @property
    def must_sign(self) -> bool:
        return self.seed.authentication_method in ("client_secret_jwt", "private_key_jwt")

    @property
    def grant_types_(self) -> tuple[str, ...]:
        return self.seed.grant_types or ()

    def may_come_from(self, origin: str, given: Mapping[str, str]) -> bool:
        """A page sends an Origin: it is a public client's own, and proves its code."""
        origins = {"{0.scheme}://{0.netloc}".format(urlsplit(u)) for u in uris_of(self.seed)}
        is_proven = "code_verifier" in given or given["grant_type"] == "refresh_token"
        return not self.is_confidential and is_proven and origin in origins


def challenge_of(verifier: str | None) -> str | None:
    """RFC 7636 4.2."""
    if verifier is None:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())[:-1].decode()


def may_be_redirected_to(location: str, url: str) -> bool:
    """Whether a browser may be sent there: home, or where somebody registered."""
    registered = {uri for client in OPEN.clients for uri in uris_of(client)}
    if location == url or location.startswith(f"{url}/"):
        return True
    parts = urlsplit(location)
    trusted = {*OPEN.trusted_origins, *(o for c in OPEN.clients for o in c.base_uris)}
    at_home = f"{parts.scheme}://{parts.netloc}" in trusted
    return at_home or any(
        location == uri or location.startswith((f"{uri}?", f"{uri}&", f"{uri}#"))
        for uri in registered
    )


def uris_of(client: SeedClient) -> tuple[str, ...]:
    """Where it registered that browsers may be sent."""
    return (*client.login_redirect_uris, *client.logout_redirect_uris)


def _asks_scopes(given: Mapping[str, str]) -> bool:
    return may_be_asked_of_users(frozenset(given.get("scope", "").split()))


def is_repeated(pairs: Pairs) -> bool:
    """RFC 6749 3.1, 3.2: whether one comes twice; RFC 8693 2.1, RFC 8707 2: some may."""
    named = [name for name, value in pairs if value and name not in ("audience", "resource")]
    return len(set(named)) < len(named)


def _once(pairs: Pairs) -> dict[str, str] | None:
    """The parameters that have a value, the first of several; None if one may not come twice."""
    sent = list(pairs)
    return None if is_repeated(sent) else {name: value for name, value in sent[::-1] if value}

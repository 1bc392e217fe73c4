"""The tests' own idea of who may have a token: written from the RFCs, not from the server."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

import msgspec

from mock_okta import Seed, SeedClient
from tests.visiting import LOGIN, PASSWORD, SECRET, SEED

TRUSTING = "0oa1pwd00000000000h7"
EXCHANGER = "0oa1xch00000000000h7"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
OPEN: Seed = msgspec.structs.replace(
    SEED,
    clients=(
        *SEED.clients,
        SeedClient(name="Trusting", type="native", client_id=TRUSTING, grant_types=("password",)),
        SeedClient(
            name="Exchanger",
            type="service",
            client_id=EXCHANGER,
            client_secret=SECRET,
            grant_types=(EXCHANGE,),
        ),
    ),
)
CLIENTS: Mapping[str, SeedClient] = {client.client_id or "": client for client in OPEN.clients}
CUSTOM_SCOPES = frozenset({"messages.read", "notes"})
USER_SCOPES = CUSTOM_SCOPES | {
    "openid", "profile", "email", "address", "phone", "offline_access",
}  # fmt: skip
Pairs = Iterable[tuple[str, str]]


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


@dataclass
class Facts:
    """What the org has handed out, at the server `default`, to the user LOGIN."""

    codes: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)

    def proves(self, pairs: Pairs, headers: Mapping[str, str], url: str) -> bool:
        """Whether this request to /token may be answered with tokens."""
        given = _once(pairs)
        if given is None:
            return False
        client = _authenticated(given, headers.get("Authorization"))
        if client is None or given.get("grant_type") not in client.grant_types_:
            return False
        origin = headers.get("Origin")
        if origin not in (None, url) and not client.may_come_from(origin or "", given):
            return False
        return _PROOFS[given["grant_type"]](self, client, given)

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
        """RFC 6749 6."""
        owner, scopes = self.refresh_tokens.get(given.get("refresh_token", ""), ("", frozenset()))
        return owner == client.id and frozenset(given.get("scope", "").split()) <= scopes

    def proves_service(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 4.4: no default scope is set, and those of a user are not for a service."""
        scopes = frozenset(given.get("scope", "").split())
        return client.is_confidential and bool(scopes) and scopes <= CUSTOM_SCOPES

    def proves_password(self, _: "Known", given: Mapping[str, str]) -> bool:
        """RFC 6749 4.3."""
        scopes = frozenset(given.get("scope", "").split())
        user = (given.get("username", "").lower(), given.get("password"))
        return user == (LOGIN, PASSWORD) and bool(scopes) and scopes <= USER_SCOPES

    def proves_exchange(self, client: "Known", given: Mapping[str, str]) -> bool:
        """RFC 8693 2.1."""
        return (
            given.get("subject_token") in self.access_tokens
            and given.get("subject_token_type") == ACCESS_TOKEN
            and given.get("requested_token_type", ACCESS_TOKEN) == ACCESS_TOKEN
            and given.get("audience") == "api://default"
            and self.proves_service(client, given)
        )


_PROOFS = {
    "authorization_code": Facts.proves_code,
    "refresh_token": Facts.proves_refresh,
    "client_credentials": Facts.proves_service,
    "password": Facts.proves_password,
    EXCHANGE: Facts.proves_exchange,
}


@dataclass(frozen=True)
class Known:
    """A client that said who it is, and proved it if it has anything to prove it with."""

    id: str
    seed: SeedClient

    @property
    def is_confidential(self) -> bool:
        return self.seed.client_secret is not None

    @property
    def grant_types_(self) -> tuple[str, ...]:
        return self.seed.grant_types or ()

    def may_come_from(self, origin: str, given: Mapping[str, str]) -> bool:
        """A page sends an Origin: it is a public client's own, and proves its code."""
        origins = {"{0.scheme}://{0.netloc}".format(urlsplit(u)) for u in _uris(self.seed)}
        is_proven = "code_verifier" in given or given["grant_type"] == "refresh_token"
        return not self.is_confidential and is_proven and origin in origins


def challenge_of(verifier: str | None) -> str | None:
    """RFC 7636 4.2."""
    if verifier is None:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())[:-1].decode()


def may_be_redirected_to(location: str, url: str) -> bool:
    """Whether a browser may be sent there: home, or where somebody registered."""
    registered = {uri for client in OPEN.clients for uri in _uris(client)}
    if location == url or location.startswith(f"{url}/"):
        return True
    parts = urlsplit(location)
    trusted = {*OPEN.trusted_origins, *(o for c in OPEN.clients for o in c.base_uris)}
    at_home = f"{parts.scheme}://{parts.netloc}" in trusted
    return at_home or any(
        location == uri or location.startswith((f"{uri}?", f"{uri}&", f"{uri}#"))
        for uri in registered
    )


def _uris(client: SeedClient) -> tuple[str, ...]:
    return (*client.login_redirect_uris, *client.logout_redirect_uris)


def _once(pairs: Pairs) -> Mapping[str, str] | None:
    """The parameters that have a value; None if one comes twice (RFC 6749 3.2)."""
    named = [(name, value) for name, value in pairs if value != ""]
    return None if len({name for name, _ in named}) < len(named) else dict(named)


def _authenticated(given: Mapping[str, str], header: str | None) -> Known | None:
    """RFC 6749 2.3: one way, and the right secret; a public client has none to give."""
    by_header = BASIC.get(header or "")
    if by_header is not None and "client_secret" in given:
        return None
    client_id, secret = by_header or (given.get("client_id", ""), given.get("client_secret"))
    if given.get("client_id", client_id) != client_id or client_id not in CLIENTS:
        return None
    is_right = CLIENTS[client_id].client_secret == secret
    return Known(client_id, CLIENTS[client_id]) if is_right else None

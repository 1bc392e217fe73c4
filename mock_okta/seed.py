"""The seed document: what an org starts with, and how a mistake in it is told.

The document is YAML, TOML or JSON (or the same types from Python); clients are described in the
words of Okta's admin console.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

__all__ = [
    "Seed",
    "SeedAuthorizationServer",
    "SeedClaim",
    "SeedClient",
    "SeedError",
    "SeedGroups",
    "SeedOrg",
    "SeedScope",
    "SeedUser",
    "default_seed",
    "parse_seed",
    "read_seed",
    "with_addresses",
]

GrantType = Literal["authorization_code", "implicit", "refresh_token", "client_credentials"]

_DEFAULT_GRANT_TYPES: Mapping[str, tuple[GrantType, ...]] = {
    "spa": ("authorization_code", "refresh_token"),
    "web": ("authorization_code", "refresh_token"),
    "native": ("authorization_code", "refresh_token"),
    "service": ("client_credentials",),
}
_USUAL_PORTS = (3000, 4200, 5000, 5173, 8000, 8080)
_USUAL_PATHS = ("", "/", "/callback", "/login/callback", "/authorization-code/callback")


class SeedError(ValueError):
    """The seed is wrong; the message gives the path in it and what was expected."""


class SeedOrg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The org itself; `new_sign_on_emails`: tell users of sign-ins from a new device."""

    name: str = "Mock Okta"
    new_sign_on_emails: bool = False


class SeedUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user; `profile` has Okta's attribute names, `login` and `email` are filled in."""

    login: str
    password: str
    id: str | None = None
    profile: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ("Everyone",)

    def __post_init__(self) -> None:
        _require(self.login.strip() != "", "'login' must not be empty")
        _require(self.password != "", "'password' must not be empty")
        _require(
            self.profile.get("login", self.login) == self.login,
            "'profile.login' must be the user's 'login', or left out",
        )


class SeedClient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app integration, by the console's own settings; `name` is the application name.

    `base_uris` become trusted origins. `grant_types` left out are the console's for the type.
    """

    name: str
    type: Literal["spa", "web", "native", "service"]
    client_id: str | None = None
    client_secret: str | None = None
    base_uris: tuple[str, ...] = ()
    login_redirect_uris: tuple[str, ...] = ()
    logout_redirect_uris: tuple[str, ...] = ()
    grant_types: tuple[GrantType, ...] | None = None

    def __post_init__(self) -> None:
        _require(self.name.strip() != "", "'name' must not be empty")
        for uri in self.base_uris:
            _require_origin(uri)
        for uri in (*self.login_redirect_uris, *self.logout_redirect_uris):
            _require_redirect_uri(uri)
        if self.type in ("spa", "native"):
            _require(self.client_secret is None, f"a client of type '{self.type}' has no secret")
        if self.type == "service":
            _require(not self.login_redirect_uris, "a service client has no redirect URIs")
            _require(
                set(self.allowed_grant_types) <= {"client_credentials"},
                "a service client has the grant type 'client_credentials' alone",
            )

    @property
    def allowed_grant_types(self) -> tuple[GrantType, ...]:
        """Return the grant types, defaults filled in."""
        return _DEFAULT_GRANT_TYPES[self.type] if self.grant_types is None else self.grant_types


class SeedScope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom scope; `published`: listed in discovery, as Okta's `metadataPublish`."""

    name: str
    description: str = ""
    default: bool = False
    published: bool = False

    def __post_init__(self) -> None:
        _require(
            self.name != "" and not any(character.isspace() for character in self.name),
            "a scope's 'name' is one word",
        )


class SeedGroups(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the user's groups a claim lists: exactly one of the four."""

    starts_with: str | None = None
    equals: str | None = None
    contains: str | None = None
    matches: str | None = None

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        _require(
            len(given) == 1, "give exactly one of 'starts_with', 'equals', 'contains', 'matches'"
        )
        if self.matches is not None:
            _require_pattern(self.matches)


class SeedClaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom claim: exactly one of a static `value`, a profile `attribute`, or `groups`."""

    name: str
    token: Literal["access_token", "id_token"]
    value: Any = None
    attribute: str | None = None
    groups: SeedGroups | None = None
    scopes: tuple[str, ...] = ()
    always_include: bool = False

    def __post_init__(self) -> None:
        sources = (self.value, self.attribute, self.groups)
        _require(
            sum(source is not None for source in sources) == 1,
            "give exactly one of 'value', 'attribute', 'groups'",
        )


class SeedAuthorizationServer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom authorization server, at `/oauth2/{id}`."""

    id: str
    name: str | None = None
    audiences: tuple[str, ...] = ("api://default",)
    scopes: tuple[SeedScope, ...] = ()
    claims: tuple[SeedClaim, ...] = ()

    def __post_init__(self) -> None:
        _require(
            self.id.isascii() and self.id.replace("-", "").replace("_", "").isalnum(),
            "an authorization server's 'id' has letters, digits, '-' and '_' alone",
        )
        _require(self.id not in ("org", "v1"), f"'{self.id}' names the org authorization server")
        _require(len(self.audiences) == 1, "an authorization server has exactly one audience")


class Seed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that an org starts with."""

    org: SeedOrg = SeedOrg()
    users: tuple[SeedUser, ...] = ()
    clients: tuple[SeedClient, ...] = ()
    authorization_servers: tuple[SeedAuthorizationServer, ...] = ()
    trusted_origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for origin in self.trusted_origins:
            _require_origin(origin)
        _require_distinct("users", "login", [user.login.lower() for user in self.users])
        _require_distinct("clients", "client_id", [client.client_id for client in self.clients])
        unnamed = [client.name for client in self.clients if client.client_id is None]
        _require_distinct("clients without client_id", "name", unnamed)
        _require_distinct("authorization_servers", "id", [s.id for s in self.authorization_servers])


def parse_seed(document: object) -> Seed:
    """Turn a parsed document into a seed; raise SeedError with the path of a mistake."""
    try:
        plain = msgspec.to_builtins({} if document is None else document)  # dates become strings
        return msgspec.convert(plain, Seed)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        where = path.strip("`").removeprefix("$").removeprefix(".")
        raise SeedError(f"{where}: {message}" if where else message) from error


def read_seed(path: Path) -> Seed:
    """Read a seed file by its ending; raise SeedError with its name and what was expected."""
    try:
        return parse_seed(_read_document(path))
    except SeedError as error:
        raise SeedError(f"{path}: {error}") from error


def _read_document(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"cannot be read: {error}") from error
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _parse_yaml(text)
        case ".toml":
            return _parse_toml(text)
        case ".json":
            return _parse_json(text)
        case other:
            raise SeedError(f"expected a file that ends in .yaml, .toml or .json, not '{other}'")


def _parse_yaml(text: str) -> object:
    import yaml  # noqa: PLC0415 -- takes 30 ms that only a YAML file need cost

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SeedError(f"is no YAML: {' '.join(str(error).split())}") from error


def _parse_toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"is no TOML: {error}") from error


def _parse_json(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise SeedError(f"is no JSON: {error}") from error


def default_seed() -> Seed:
    """Return the org that serves when nothing is asked for: for the usual localhost ports."""
    base_uris = tuple(
        f"{scheme}://localhost:{port}" for scheme in ("http", "https") for port in _USUAL_PORTS
    )
    redirect_uris = tuple(base_uri + path for base_uri in base_uris for path in _USUAL_PATHS)
    logout_uris = tuple(base_uri + path for base_uri in base_uris for path in ("", "/"))
    interactive = {"login_redirect_uris": redirect_uris, "logout_redirect_uris": logout_uris}
    return msgspec.convert(
        {
            "users": [
                {
                    "login": "tester@example.com",
                    "password": "mock-Password-1",
                    "profile": {"firstName": "Test", "lastName": "User", "locale": "en_US"},
                },
            ],
            "clients": [
                {
                    "name": "Single-page app",
                    "type": "spa",
                    "client_id": "0oa1spa00000000000h7",
                    "base_uris": base_uris,
                    "grant_types": ["authorization_code", "implicit", "refresh_token"],
                    **interactive,
                },
                {
                    "name": "Web app",
                    "type": "web",
                    "client_id": "0oa1web00000000000h7",
                    **interactive,
                },
                {"name": "Service", "type": "service", "client_id": "0oa1svc00000000000h7"},
            ],
            "authorization_servers": [
                {
                    "id": "default",
                    "audiences": ["api://default"],
                    "scopes": [{"name": "messages.read", "description": "Read your messages"}],
                },
            ],
        },
        Seed,
    )


def with_addresses(seed: Seed, redirect_uris: tuple[str, ...], origins: tuple[str, ...]) -> Seed:
    """Return `seed` with more login redirect URIs and base URIs on every client that has any use.

    An origin is also a place to return to after sign-out, with and without the slash.
    Raises SeedError for a URI that Okta's console would refuse.
    """

    def extended(client: SeedClient) -> SeedClient:
        if client.type == "service":
            return client
        returns = tuple(origin + path for origin in origins for path in ("", "/"))
        return msgspec.structs.replace(
            client,
            base_uris=_joined(client.base_uris, origins),
            login_redirect_uris=_joined(client.login_redirect_uris, redirect_uris),
            logout_redirect_uris=_joined(client.logout_redirect_uris, returns),
        )

    try:
        clients = tuple(extended(client) for client in seed.clients)
    except ValueError as error:
        raise SeedError(str(error)) from error
    return msgspec.structs.replace(seed, clients=clients)


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _require(condition: bool, otherwise: str) -> None:  # noqa: FBT001 -- reads as a sentence
    if not condition:
        raise ValueError(otherwise)


def _require_distinct(where: str, key: str, values: list[str] | list[str | None]) -> None:
    seen: set[str] = set()
    for value in values:
        if value is not None:
            _require(value not in seen, f"{where}: '{key}' {value!r} is given twice")
            seen.add(value)


def _require_origin(uri: str) -> None:
    parts = _split(uri)
    _require(
        parts is not None and uri == f"{parts[0]}://{parts[1]}",
        f"expected an origin such as http://localhost:3000 (no path), not {uri!r}",
    )


def _require_redirect_uri(uri: str) -> None:
    _require(
        _split(uri) is not None and "#" not in uri,
        f"expected an absolute URI without a fragment, not {uri!r}",
    )


def _require_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"expected a regular expression, not {pattern!r}: {error}") from error


def _split(uri: str) -> tuple[str, str] | None:
    """Return scheme and authority of an absolute URI; None if it is none."""
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    if not parts.scheme or any(character.isspace() for character in uri):
        return None
    if parts.scheme in ("http", "https") and not parts.hostname:
        return None
    return parts.scheme, parts.netloc

"""What a seed's values must be; each check raises ValueError that says what was expected."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

__all__ = [
    "has_wildcard",
    "require",
    "require_distinct",
    "require_okta_scope",
    "require_origin",
    "require_pattern",
    "require_profile",
    "require_redirect_uri",
    "require_server_id",
    "require_subdomain_wildcard",
    "require_web_uri",
]

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# Attributes that Okta's base profile has as text; claims are made of them.
_TEXT = ("email", "firstName", "middleName", "lastName", "displayName", "locale", "timezone")


def require(condition: bool, otherwise: str) -> None:  # noqa: FBT001 -- reads as a sentence
    """Raise `otherwise` unless the condition holds."""
    if not condition:
        raise ValueError(otherwise)


def require_distinct(where: str, key: str, values: list[str] | list[str | None]) -> None:
    """Names and ids may each be given once; those left out (None) do not count."""
    seen: set[str] = set()
    for value in values:
        if value is not None:
            require(value not in seen, f"{where}: '{key}' {value!r} is given twice")
            seen.add(value)


def require_okta_scope(scope: str) -> None:
    """The org's management scopes have names of a kind."""
    require(
        scope.startswith("okta.") and not any(c.isspace() for c in scope),
        f"expected a scope such as okta.users.read, not {scope!r}",
    )


def require_origin(where: str, uri: str) -> None:
    """A base URI is scheme, host and port alone, as browsers write an origin."""
    parts = _split(uri)
    require(
        parts is not None and uri == f"{parts[0]}://{parts[1]}" and _is_as_in_origins(*parts),
        f"{where}: expected an origin such as http://localhost:3000 (no path), not {uri!r}",
    )


def require_redirect_uri(where: str, uri: str) -> None:
    """RFC 6749 3.1.2: absolute, no fragment."""
    require(
        _split(uri) is not None and "#" not in uri,
        f"{where}: expected an absolute URI without a fragment, not {uri!r}",
    )


def require_web_uri(where: str, uri: str | None) -> None:
    """A page or picture that browsers are led to."""
    parts = None if uri is None else _split(uri)
    require(
        uri is None or (parts is not None and parts[0] in ("http", "https")),
        f"{where}: expected a URI such as https://app.example.com/login, not {uri!r}",
    )


def has_wildcard(uri: str) -> bool:
    """Tell whether the URI's host has a `*`."""
    parts = _split(uri)
    return parts is not None and "*" in parts[1]


def require_subdomain_wildcard(where: str, uri: str) -> None:
    """One `*`, in the first of three labels or more (Okta's Apps API, `wildcard_redirect`)."""
    host = urlsplit(uri).hostname or ""
    first, *others = host.split(".")
    require(
        first.count("*") == 1 and "*" not in "".join(others) and len(others) > 1,
        f"{where}: one '*' may be in the first label of a subdomain, such as "
        f"https://*.example.com/callback, not {uri!r}",
    )


def require_server_id(server_id: str) -> None:
    """An authorization server's id is a part of its path."""
    require(
        server_id.isascii() and server_id.replace("-", "").replace("_", "").isalnum(),
        "an authorization server's 'id' has letters, digits, '-' and '_' alone",
    )
    require(server_id not in ("org", "v1"), f"'{server_id}' names the org authorization server")


def require_pattern(pattern: str) -> None:
    """A groups filter may match by regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"expected a regular expression, not {pattern!r}: {error}") from error


def require_profile(profile: Mapping[str, Any]) -> None:
    """A profile is plain data that JSON can write; its names are text."""
    for attribute in _TEXT:
        value = profile.get(attribute)
        require(value is None or isinstance(value, str), f"'profile.{attribute}' must be text")
    try:
        msgspec.json.encode(profile)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"'profile' must be what JSON can write: {error}") from error


def _is_as_in_origins(scheme: str, authority: str) -> bool:
    """Browsers write an origin in small letters, without a user and without a default port."""
    return (
        authority not in ("", "*")
        and authority == authority.lower()
        and "@" not in authority
        and not authority.endswith(_DEFAULT_PORTS.get(scheme, "@"))
    )


def _split(uri: str) -> tuple[str, str] | None:
    """Return scheme and authority of an absolute URI; None if it is none."""
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    if not parts.scheme or any(not c.isprintable() or c == " " for c in uri):
        return None
    if parts.scheme in ("http", "https") and not parts.hostname:
        return None
    return parts.scheme, parts.netloc

"""Checks of a seed's values; each raises a ValueError that says what was expected.

Inside `collected` nothing is raised: all mistakes are collected.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

__all__ = [
    "collected",
    "has_wildcard",
    "require",
    "require_distinct",
    "require_duration",
    "require_object_id",
    "require_okta_scope",
    "require_origin",
    "require_pattern",
    "require_profile",
    "require_redirect_uri",
    "require_server_id",
    "require_subdomain_wildcard",
    "require_url",
    "require_web_uri",
]

_LONGEST_EXPRESSION = 1000
# What RFC 3986 reads as a scheme and a path, and people write for a host and its port.
_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}(?![^/?])|localhost[:/]", re.IGNORECASE)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# Attributes that Okta's base profile has as text; claims are made of them.
_TEXT = ("email", "firstName", "middleName", "lastName", "displayName", "locale", "timezone")


_collected: ContextVar[list[tuple[str, str]] | None] = ContextVar("collected", default=None)


@contextmanager
def collected() -> Iterator[list[tuple[str, str]]]:
    """Yield a list that collects all mistakes: the place (`rules[0]`, or empty), and the text."""
    found: list[tuple[str, str]] = []
    before = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(before)


def require(condition: bool, otherwise: str, at: str = "") -> None:  # noqa: FBT001 -- reads as a sentence
    """Raise `otherwise` unless the condition holds; `at`: which field it is about (`rules[0]`)."""
    if condition:
        return
    found = _collected.get()
    if found is None:
        raise ValueError(f"{at}: {otherwise}" if at else otherwise)
    found.append((at, otherwise))


def require_distinct(where: str, key: str, values: Sequence[str | None]) -> None:
    """Each name or id is given at most once; None does not count."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value is not None:
            require(value not in seen, f"'{key}' {value!r} is given twice", f"{where}[{index}]")
            seen.add(value)


def require_duration(where: str, duration: timedelta | None) -> None:
    """A duration is not negative; it may be zero, and None is no duration."""
    require(
        duration is None or duration >= timedelta(),
        "expected a duration such as PT2H, of zero or more",
        where,
    )


def require_object_id(kind: str, value: str) -> None:
    """Okta's ids, such as `00o…`, have only letters and digits."""
    require(
        value.isascii() and value.isalnum(),
        f"the 'id' of an {kind} may have only letters and digits",
    )


def require_okta_scope(scope: str) -> None:
    """The org's management scopes begin with `okta.`."""
    require(
        scope.startswith("okta.") and not any(c.isspace() for c in scope),
        f"expected a scope such as okta.users.read, not {scope!r}",
    )


def require_origin(where: str, uri: str) -> None:
    """A base URI has only scheme, host and port, as browsers write an origin."""
    parts = _split(uri)
    require(
        parts is not None and uri == f"{parts[0]}://{parts[1]}" and _is_as_in_origins(*parts),
        f"expected an origin such as http://localhost:3000 (no path), not {uri!r}",
        where,
    )


def require_redirect_uri(where: str, uri: str) -> None:
    """RFC 6749 3.1.2: absolute, no fragment; `localhost:3000/callback` has no scheme."""
    meant = f", did you mean 'http://{uri}'?" if _HOST_AND_PORT.match(uri) else ""
    require(
        _split(uri) is not None and "#" not in uri and not meant,
        f"expected an absolute URI without a fragment, not {uri!r}{meant}",
        where,
    )


def require_url(where: str, uri: str) -> None:
    """A URL that the org itself requests uses http or https."""
    parts = _split(uri)
    require(
        parts is not None and parts[0] in ("http", "https"),
        f"expected a URL such as http://localhost:3000/jwks, not {uri!r}",
        where,
    )


def require_web_uri(where: str, uri: str | None) -> None:
    """The address of a page or picture for browsers uses http or https."""
    parts = None if uri is None else _split(uri)
    require(
        uri is None or (parts is not None and parts[0] in ("http", "https")),
        f"{where}: expected a URI such as https://app.example.com/login, not {uri!r}",
    )


def has_wildcard(uri: str) -> bool:
    """Return whether the URI's host has a `*`."""
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
        "an authorization server's 'id' may have only letters, digits, '-' and '_'",
    )
    require(server_id not in ("org", "v1"), f"'{server_id}' names the org authorization server")


def require_pattern(pattern: str) -> None:
    """A regular expression of a groups filter must be valid for both Python and `regex`."""
    import regex  # noqa: PLC0415 -- few orgs need it

    require(
        len(pattern) <= _LONGEST_EXPRESSION,
        f"expected a regular expression of at most {_LONGEST_EXPRESSION} characters",
    )
    try:
        re.compile(pattern)
        regex.compile(pattern)
    except (re.error, regex.error, RecursionError, OverflowError) as error:
        message = f"expected a regular expression, not {pattern!r}: {error}"
        require(condition=False, otherwise=message)


def require_profile(profile: Mapping[str, Any]) -> None:
    """A profile is plain JSON data; the attributes of names and addresses are text."""
    for attribute in _TEXT:
        value = profile.get(attribute)
        is_text = value is None or isinstance(value, str)
        require(is_text, f"'profile.{attribute}' must be text")
    try:
        msgspec.json.encode(profile)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        message = f"'profile' must be JSON data: {error}"
        require(condition=False, otherwise=message)


def _is_as_in_origins(scheme: str, authority: str) -> bool:
    """Browsers write an origin in lower case, without a user and a default port."""
    return (
        authority not in ("", "*")
        and authority == authority.lower()
        and "@" not in authority
        and not authority.endswith(_DEFAULT_PORTS.get(scheme, "@"))
    )


def _split(uri: str) -> tuple[str, str] | None:
    """Return scheme and authority of an absolute URI; None for anything else."""
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    if not parts.scheme or not uri.isprintable() or " " in uri:
        return None
    if parts.scheme in ("http", "https") and not parts.hostname:
        return None
    return parts.scheme, parts.netloc

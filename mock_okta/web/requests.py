"""Notes about a request, and reading its parameters and bodies."""

import logging
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import unquote_plus, urlsplit

import msgspec
from aiohttp import hdrs, web
from msgspec import Struct, field

from mock_okta.ids import Ids
from mock_okta.web.errors import MalformedBody, UnsupportedBody, ValidationFailed

__all__ = [
    "NOTES",
    "Notes",
    "Parameters",
    "form_of",
    "has_form",
    "host_name_of",
    "json_octets_of",
    "json_of",
    "origin_of_page",
    "parameters_of",
    "query_of",
    "with_text_alone",
]

T = TypeVar("T")
_FORM = "application/x-www-form-urlencoded"
_MOST_PARAMETERS = 1000
_MAY_BE_REPEATED = ("resource", "audience")  # RFC 8707 2, RFC 8693 2.1


class Notes(Struct, dict=True):
    """Notes about a request while it is served: for its log line, answer and record.

    `user_id`: the user of its session; `fault`: the id of the planned fault that was applied;
    `is_recorded`: `/_mock` will show it.
    """

    request_id: str
    ids: Ids
    remarks: list[str] = field(default_factory=list)
    level: int = logging.INFO
    user_id: str | None = None
    fault: str | None = None
    is_recorded: bool = False

    @cached_property
    def error_id(self) -> str:
        """The id of an error answer, made when it is needed."""
        return self.ids.error_id()

    def warn(self, remark: str) -> None:
        """Add a remark that is logged as a warning."""
        self.remarks.append(remark)
        self.level = logging.WARNING


# aiohttp has keys for requests from 3.14 on; before, a request takes any key.
_Key: Any = getattr(web, "RequestKey", web.AppKey)
NOTES: "web.RequestKey[Notes]" = _Key("notes", Notes)


def with_text_alone(request: web.Request) -> web.Request:
    """Return the request with U+FFFD for invalid UTF-8 in its headers.

    A header may have any octets (RFC 9110 5.5). aiohttp makes lone surrogates from them, which an
    answer, a log line or a token cannot contain.
    """
    if all(map(str.isascii, request.headers.values())):
        return request
    return request.clone(headers=[(name, _text(text)) for name, text in request.headers.items()])


class Parameters:
    """Parameters of a query or form; one without a value counts as missing (RFC 6749 3.1).

    `repeated`: the names that came more than once, except those that may. `get`: returns the first
    value of a name, or None.
    """

    get: Callable[[str], str | None]

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple([pair for pair in pairs if pair[1]])
        first = dict(reversed(self.pairs))
        self.get = first.get  # forty times a flow, and so without a step of Python's
        self.repeated = () if len(first) == len(self.pairs) else _repeated(self.pairs)


def query_of(request: web.Request) -> Parameters:
    """Return the parameters of the query."""
    return _parsed(request.rel_url.raw_query_string)


def has_form(request: web.Request) -> bool:
    """Return whether the body is said to be a form."""
    return request.content_type == _FORM


async def form_of(request: web.Request) -> Parameters:
    """Return the parameters of a form body; raise UnsupportedBody for any other body."""
    if not has_form(request):
        raise UnsupportedBody
    return _parsed((await request.read()).decode("utf-8", "replace"))


async def parameters_of(request: web.Request) -> Parameters:
    """Return the parameters of query and form together: one in both is repeated.

    Okta reads both: its Python SDK before 3.0 sends those of /token in the query (2.9.8 all of
    them, with an empty body). Raises UnsupportedBody for a body of another type.
    """
    query = query_of(request)
    if not await request.read():
        return query
    form = await form_of(request)
    return Parameters([*query.pairs, *form.pairs]) if query.pairs else form


def host_name_of(request: web.Request) -> str | None:
    """Return the host name of the request; None if it is missing or invalid.

    A request target in absolute form wins over the Host header (RFC 9112 3.2.2).
    """
    if hdrs.HOST not in request.headers:
        return None
    host = request.host  # from a target in absolute form it is the bare name, without brackets
    is_bare_ipv6 = host.count(":") > 1 and not host.startswith("[")
    try:
        return urlsplit(f"//[{host}]" if is_bare_ipv6 else f"//{host}").hostname
    except ValueError:
        return None


def origin_of_page(request: web.Request) -> str | None:
    """Return the origin of the page that sent the request; None without a page.

    Several Origin headers, which RFC 6454 7.3 forbids, are joined by a comma, so they match no real
    origin.
    """
    origins = request.headers.getall(hdrs.ORIGIN, ())
    return ", ".join(origins) if origins else None


def _text(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _parsed(encoded: str) -> Parameters:
    """Like `urllib.parse.parse_qsl` at half the cost: most names and values have no escapes."""
    fields = encoded.split("&")
    if len(fields) > _MOST_PARAMETERS:
        raise MalformedBody(remark="the parameters cannot be read: Max number of fields exceeded")
    split = [field.partition("=") for field in fields]
    if "%" in encoded or "+" in encoded:
        return Parameters([(_unquoted(name), _unquoted(value)) for name, _, value in split])
    return Parameters([(name, value) for name, _, value in split])


def _unquoted(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _repeated(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    seen: set[str] = set()
    repeated = []
    for name, _ in pairs:
        if name in seen and name not in _MAY_BE_REPEATED:
            repeated.append(name)
        seen.add(name)
    return tuple(dict.fromkeys(repeated))


async def json_octets_of(request: web.Request) -> bytes:
    """Return a JSON body as bytes; raise UnsupportedBody for another content type."""
    body = await request.read()
    if body and request.content_type != "application/json":
        raise UnsupportedBody
    return body


async def json_of(request: web.Request, shape: type[T]) -> T:
    """Return the JSON body of a request to `/_mock` as `shape`; `lenient_json_of` reads Okta's.

    Raises MalformedBody if it is not JSON, ValidationFailed with the path of an invalid value, and
    UnsupportedBody for another content type.
    """
    body = await json_octets_of(request)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        where = re.sub(r"^\$\.?", "", path.strip("`")) or "body"
        raise ValidationFailed(where, f"{where}: {message}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody(remark=f"the body is not JSON: {error}") from error

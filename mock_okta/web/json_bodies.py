"""JSON bodies on Okta's paths: read leniently like a Java server, refused with Okta's errors.

Okta's servers bind JSON as Jackson does by default (its `MapperFeature.ALLOW_COERCION_OF_SCALARS`):
text is accepted for booleans and numbers, scalars for text, null is the same as a missing member,
and unknown members are ignored. `/_mock` is not Okta's, and is strict: see `json_of`. Okta's text
for a member of the wrong type is unverified.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from msgspec import inspect

from mock_okta.web.errors import MalformedBody, ValidationFailed
from mock_okta.web.requests import json_octets_of

__all__ = ["lenient_json_of", "read_leniently", "text_of", "wire_name"]

T = TypeVar("T", bound=msgspec.Struct)
_LEFT_OUT = "The field cannot be left blank"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_BOOLEANS: Mapping[str, bool | None] = MappingProxyType({"true": True, "false": False, "": None})


class _DoesNotFit(Exception):
    """The value has the wrong type for the field; the message says what it must be."""


async def lenient_json_of(request: web.Request, shape: type[T]) -> T:
    """Return the JSON body as `shape`, a Struct.

    Raises MalformedBody if it is not a JSON object, ValidationFailed with a cause for each invalid
    member, UnsupportedBody for another content type.
    """
    return read_leniently(await json_octets_of(request), shape)


def read_leniently(octets: bytes, shape: type[T]) -> T:
    """Return the JSON text as `shape`; raise as `lenient_json_of`.

    What fits as it is, as most bodies do, needs no leniency. A member that may be null has None as
    its default: so null is the same as left out there too.
    """
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fitting: T = _decoder(shape).decode(octets)
        return fitting
    try:
        plain = msgspec.json.decode(octets.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody(remark=f"the body is not JSON: {error}") from error
    if not isinstance(plain, dict):
        raise MalformedBody(remark="the body is not a JSON object")
    causes: dict[str, str] = {}
    fitted = _fitted_members(_info_of(shape), plain, "", causes)
    if causes:
        raise ValidationFailed(
            next(iter(causes)), *(f"{path}: {cause}" for path, cause in causes.items())
        )
    return msgspec.convert(fitted, shape)


@lru_cache
def _decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(shape)


@lru_cache
def _info_of(shape: type[msgspec.Struct]) -> inspect.StructType:
    info = inspect.type_info(shape)
    assert isinstance(info, inspect.StructType)  # noqa: S101 -- guaranteed by callers
    return info


def _fitted_members(
    info: inspect.StructType, plain: dict[str, Any], within: str, causes: dict[str, str]
) -> dict[str, Any]:
    """Return the struct's members, without null ones; add errors to `causes` by path."""
    fitted = {}
    for field in info.fields:
        name = field.encode_name
        path, value = f"{within}{name}", plain.get(name)
        if value is not None:
            try:
                value = _fitted(field.type, value, path, causes)
            except _DoesNotFit as failure:
                causes[path] = str(failure)
                continue
        if value is not None:
            fitted[name] = value
        elif field.required:
            causes[path] = _LEFT_OUT
    return fitted


def _fitted(info: inspect.Type, value: Any, path: str, causes: dict[str, str]) -> Any:
    """Return the value converted to the type; None if it counts as missing."""
    if isinstance(info, inspect.UnionType):
        (info,) = (each for each in info.types if not isinstance(each, inspect.NoneType))
    if isinstance(info, inspect.StructType):
        return _fitted_members(info, _object(value), f"{path}.", causes)
    if isinstance(info, inspect.VarTupleType):
        if not isinstance(value, list):
            raise _DoesNotFit("The field must be a list")
        return [_fitted(info.item_type, each, path, causes) for each in value]
    fit = _SCALARS.get(type(info))
    if fit is None:
        raise AssertionError(f"{path}: no such type is read from bodies: {info}")
    return fit(info, value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _DoesNotFit("The field must be an object")
    return value


def text_of(value: Any) -> Any:
    """Return a scalar as text, and anything else unchanged."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _text(info: inspect.StrType, value: Any) -> str:
    text = text_of(value)
    if not isinstance(text, str):
        raise _DoesNotFit("The field must be text")
    if info.max_length is not None and len(text) > info.max_length:
        raise _DoesNotFit(f"The field must have at most {info.max_length} characters")
    return text


def _one_of(info: inspect.LiteralType, value: Any) -> Any:
    if value not in info.values:
        raise _DoesNotFit(f"The field must be one of {', '.join(map(str, info.values))}")
    return value


def _boolean(_: inspect.BoolType, value: Any) -> bool | None:
    if isinstance(value, str) and value.strip().lower() in _BOOLEANS:
        return _BOOLEANS[value.strip().lower()]
    if isinstance(value, int):
        return bool(value)
    raise _DoesNotFit("The field must be true or false")


def _integer(_: inspect.IntType, value: Any) -> int | None:
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and not value.strip():
        return None
    raise _DoesNotFit("The field must be a number")


_SCALARS: Mapping[type[inspect.Type], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        inspect.StrType: _text,
        inspect.LiteralType: _one_of,
        inspect.BoolType: _boolean,
        inspect.IntType: _integer,
        inspect.AnyType: lambda _, value: value,
        inspect.DictType: lambda _, value: _object(value),
    }
)


def wire_name(name: str) -> str:
    """Return a member's name in Okta's bodies: `phoneNumber` for `phone_number`."""
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)

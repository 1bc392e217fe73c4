"""What is stored of a request and its answer, and how much memory that takes."""

import sys
from collections.abc import Iterable, Sized
from itertools import chain
from typing import TypeAlias

from mock_okta.model.traffic import Exchange

__all__ = ["LARGEST_KEPT_BODY", "Fields", "cut_headers", "cut_text", "cut_values", "size_of"]

LARGEST_KEPT_BODY = 16 * 1024
_LARGEST_TEXT = 16 * 1024
_LARGEST_HEADERS = 64 * 1024
# Bytes that Python needs for the objects themselves, measured: a record, a header's two strings.
_RECORD = 2000
_HEADER = 200
_CUT = "…"

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
Fields: TypeAlias = tuple[tuple[str, str], ...]


def cut_text(text: str) -> str:
    """Return what is stored of a path, a query or a remark; text that was cut ends in `…`."""
    return text if len(text) <= _LARGEST_TEXT else text[:_LARGEST_TEXT] + _CUT


def cut_headers(headers: Headers) -> Headers:
    """Return what is stored of headers; each value and their total are limited."""
    if _length(headers) <= _LARGEST_TEXT:
        return headers
    kept, left = [], _LARGEST_HEADERS
    for name, value in headers:
        whole = value if len(value) <= _LARGEST_TEXT else value[:_LARGEST_TEXT] + _CUT.encode()
        left -= len(name) + len(whole)
        if left < 0:
            break
        kept.append((name, whole))
    return tuple(kept)


def cut_values(headers: Fields) -> Fields:
    """Return what is kept of an answer's headers: the org's own, of which each value is cut."""
    if _length(headers) <= _LARGEST_TEXT:
        return headers
    return tuple((name, cut_text(value)) for name, value in headers)


def _length(headers: Iterable[tuple[Sized, Sized]]) -> int:
    """Return the length of all names and values, without a step of Python's for each of them."""
    return sum(map(len, chain.from_iterable(headers)))


def size_of(exchange: Exchange) -> int:
    """Return roughly how many bytes it takes in memory."""
    sent, answered = exchange.headers, exchange.response_headers
    texts = (exchange.path, exchange.query, *exchange.remarks)
    return (
        _RECORD
        + len(exchange.body)
        + len(exchange.response_body)
        + _HEADER * (len(sent) + len(answered))
        + _length(sent)
        + _length(answered)
        + sum(map(sys.getsizeof, texts))
    )

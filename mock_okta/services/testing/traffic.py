"""What is stored of a request and its answer, and how much memory that takes."""

import sys

from mock_okta.model.traffic import Exchange

__all__ = ["LARGEST_KEPT_BODY", "cut_headers", "cut_text", "size_of"]

LARGEST_KEPT_BODY = 16 * 1024
_LARGEST_TEXT = 16 * 1024
_LARGEST_HEADERS = 64 * 1024
# Bytes that Python needs for the objects themselves, measured: a record, a header's two strings.
_RECORD = 2000
_HEADER = 200
_CUT = "…"

Headers = tuple[tuple[bytes, bytes], ...]


def cut_text(text: str) -> str:
    """Return what is stored of a path, a query or a remark; text that was cut ends in `…`."""
    return text if len(text) <= _LARGEST_TEXT else text[:_LARGEST_TEXT] + _CUT


def cut_headers(headers: Headers) -> Headers:
    """Return what is stored of headers; each value and their total are limited."""
    sizes = [len(name) + len(value) for name, value in headers]
    if sum(sizes) <= _LARGEST_TEXT:
        return headers
    kept, left = [], _LARGEST_HEADERS
    for name, value in headers:
        whole = value if len(value) <= _LARGEST_TEXT else value[:_LARGEST_TEXT] + _CUT.encode()
        left -= len(name) + len(whole)
        if left < 0:
            break
        kept.append((name, whole))
    return tuple(kept)


def size_of(exchange: Exchange) -> int:
    """Return roughly how many bytes it takes in memory."""
    sent, answered = exchange.headers, exchange.response_headers
    texts = (exchange.path, exchange.query, *exchange.remarks)
    return (
        _RECORD
        + len(exchange.body)
        + len(exchange.response_body)
        + _HEADER * (len(sent) + len(answered))
        + sum(len(name) + len(value) for name, value in sent)
        + sum(len(value) for _, value in answered)
        + sum(map(sys.getsizeof, texts))
    )

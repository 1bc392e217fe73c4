"""The log of recorded requests: the last thousand, in a bounded number of bytes, kept raw."""

import sys
from collections import deque
from collections.abc import Iterable, Sequence

from mock_okta.domain.traffic import Exchange

__all__ = ["LARGEST_KEPT_BODY", "Traffic", "cut_headers", "cut_text"]

LARGEST_KEPT_BODY = 16 * 1024
_LARGEST_TEXT = 16 * 1024
_LARGEST_HEADERS = 64 * 1024
_MOST = 1000
_MOST_BYTES = 32 * 1024 * 1024
# What Python takes for the objects themselves, measured: a record, and a header's two strings.
_RECORD = 2000
_HEADER = 200
_CUT = "…"

Headers = tuple[tuple[bytes, bytes], ...]


class Traffic:
    """Keeps requests with their answers in the order in which they were answered."""

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._exchanges: deque[tuple[Exchange, int]] = deque()
        self._most = most
        self._left = most_bytes

    def keep(self, exchange: Exchange) -> None:
        """Add one; the oldest go when there are too many, or when they are too large together."""
        size = _size_of(exchange)
        self._exchanges.append((exchange, size))
        self._left -= size
        while len(self._exchanges) > self._most or (self._left < 0 and len(self._exchanges) > 1):
            self._left += self._exchanges.popleft()[1]

    def exchanges(self) -> Sequence[Exchange]:
        """Return all that are kept, oldest first."""
        return tuple(exchange for exchange, _ in self._exchanges)

    def clear(self) -> None:
        """Forget all."""
        while self._exchanges:
            self._left += self._exchanges.popleft()[1]


def cut_text(text: str) -> str:
    """Return what is kept of a path, a query or a remark; what was cut ends in `…`."""
    return text if len(text) <= _LARGEST_TEXT else text[:_LARGEST_TEXT] + _CUT


def cut_headers(headers: Headers) -> Headers:
    """Return what is kept of headers: of each value, and of all of them together."""
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


def _size_of(exchange: Exchange) -> int:
    sent, answered = exchange.headers, exchange.response_headers.items()
    texts = (exchange.path, exchange.query, *exchange.remarks)
    return (
        _RECORD
        + len(exchange.body)
        + len(exchange.response_body)
        + _HEADER * (len(sent) + len(answered))
        + sum(len(name) + len(value) for name, value in sent)
        + _lengths(value for _, value in answered)
        + sum(map(sys.getsizeof, texts))
    )


def _lengths(texts: Iterable[str]) -> int:
    return sum(map(len, texts))

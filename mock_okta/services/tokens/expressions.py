"""Matches the regular expressions of a seed, for a limited time.

The time that an expression needs can double with each character, and no other request is served
meanwhile. Python's own `re` cannot be stopped; the package `regex` can.
"""

import logging
from collections.abc import Iterable

from mock_okta.clock import Clock

__all__ = ["all_that_match"]

_LOG = logging.getLogger(__name__)
_SECONDS = 0.1


def all_that_match(expression: str, texts: Iterable[str]) -> list[str]:
    """Return the texts that match as a whole; when the time is up, those found so far.

    The expression is valid for `re`.
    """
    import regex  # noqa: PLC0415 -- few orgs need it

    found = []
    ends_at = Clock.stopwatch() + _SECONDS
    compiled = regex.compile(expression)
    for text in texts:
        try:
            left = max(ends_at - Clock.stopwatch(), _SECONDS / 1000)
            if compiled.fullmatch(text, timeout=left):
                found.append(text)
        except TimeoutError:
            _LOG.warning(
                "the expression %r takes longer than %s s for %r: this text and those after it do "
                "not match",
                expression,
                _SECONDS,
                text,
            )
            break
    return found

"""Patterns with `*`: what they fit, and that no text makes them slow."""

import fnmatch
import itertools
import re

import pytest

from mock_okta.wildcards import fits


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("/a*", "/a", True),
        ("/a*", "/a/b\nc", True),
        ("*/keys", "/oauth2/v1/keys", True),
        ("*/keys", "/oauth2/v1/keys/", False),
        ("/a*a", "/a", False),
        ("/a*a", "/aa", True),
        ("/*b*c", "/bcb", False),
        ("*", "", True),
        ("", "a", False),
        ("/a.c", "/abc", False),
        ("/[a]", "/a", False),
    ],
)
def test_a_star_is_any_run_of_characters_and_all_else_itself(
    pattern: str, text: str, *, expected: bool
) -> None:
    assert fits(pattern, text) is expected


def test_it_agrees_with_a_regular_expression_on_all_short_patterns() -> None:
    texts = ["".join(each) for n in range(6) for each in itertools.product("ab", repeat=n)]
    for size in range(5):
        for letters in itertools.product("ab*", repeat=size):
            expression = re.compile(fnmatch.translate("".join(letters)))
            for text in texts:
                assert fits("".join(letters), text) is bool(expression.match(text))


def test_no_text_makes_it_slow() -> None:
    """By going back it would take longer than the world has been there."""
    assert not fits("/" + "*a" * 499 + "b", "/" + "a" * 60_000)

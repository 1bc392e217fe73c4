"""Expressions of a seed are stopped when they take too long."""

import pytest

from mock_okta.services.expressions import all_that_match

SLOW = r"(?:a{1,1000}){1,1000}b"


def test_all_texts_that_match_as_a_whole_are_found_in_order() -> None:
    groups = ["Test 1", "Everyone", "A Test 2", "Test 2"]
    assert all_that_match(r"Test \d", groups) == ["Test 1", "Test 2"]


def test_what_takes_too_long_is_stopped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    groups = ["aab", *(f"{'a' * 3000}{number}" for number in range(1000))]
    assert all_that_match(SLOW, groups) == ["aab"]
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert SLOW in record.getMessage()

"""A missing program skips a test, and fails a CI."""

import sys

import pytest

from tests.tool_chains import needs


def test_a_program_that_is_there_is_given_with_its_path() -> None:
    assert needs(sys.executable) == sys.executable


@pytest.mark.parametrize("ci", ["", "false"])
def test_a_missing_program_skips(monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        needs("no-such-program")


def test_a_missing_program_fails_a_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        needs("no-such-program")

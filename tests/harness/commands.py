"""The harness's commands, `mock-okta record | demo | browser`: in a process, and in this one."""

import sys

import pytest

from mock_okta.cli import main

MOCK_OKTA = (sys.executable, "-m", "mock_okta")


def status_of(*words: str) -> int:
    """Run `mock-okta` in this process; return its exit status."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert isinstance(ended.value.code, int)
    return ended.value.code

"""Programs of other stacks that tests run, where the machine has them."""

import os
import shutil
from typing import NoReturn

import pytest

__all__ = ["lacks", "needs"]


def needs(command: str) -> str:
    """Return the command's path. Without it the test is skipped, but with CI=true it fails."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))  # nginx on Debian
    return shutil.which(command, path=places) or lacks(f"{command} is not installed")


def lacks(reason: str) -> NoReturn:
    """Skip the test for what the machine lacks, but fail it with CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)

"""Programs of other stacks that tests run, where the machine has them."""

import os
import shutil

import pytest

__all__ = ["needs"]


def needs(command: str) -> str:
    """The command's path. Without it the test is skipped, but with CI=true it fails."""
    found = shutil.which(command)
    if found is not None:
        return found
    missing = f"{command} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)

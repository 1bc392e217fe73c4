"""A pytest plugin that records which tests ran each line of the server (`-p mutants.covering`).

It needs `coverage run`: the names of the tests become the contexts of its data.
"""

from collections.abc import Generator

import coverage
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure under the test's name, in every thread of the org."""
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(item.nodeid)
    return (yield)

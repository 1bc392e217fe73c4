"""Reports of tests: recorded requests with reasons for refusals, and faults that never fired."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mock_okta_harness.plugin.options import TRAFFIC_ALWAYS, TRAFFIC_NEVER, traffic_choice

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from mock_okta.control.recorded_requests import RecordedRequest
    from mock_okta_harness.control import Control

__all__ = [
    "CONTROL",
    "FAILED",
    "NEVER_FIRED",
    "OUTPUT",
    "TRAFFIC",
    "traffic_is_wanted",
    "traffic_text",
]

CONTROL: pytest.StashKey[Control] = pytest.StashKey()
"""The control API of an org that still answers after the test."""
TRAFFIC = pytest.StashKey[str]()
"""The recorded requests of an org that answers only while the test's event loop runs."""
NEVER_FIRED = pytest.StashKey[str]()
"""Faults that the test planned itself and that did not fire."""
FAILED = pytest.StashKey[bool]()
OUTPUT = pytest.StashKey[Path]()
"""The folder of Playwright's files for the test, if there are any."""
FILE_NAME = "okta-requests.txt"
_REQUESTS = "mock_okta: recorded requests"
_FAULTS = "mock_okta: planned faults that never fired"
_MOST_IN_A_REPORT = 50


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the recorded requests to the report of a failed test."""
    report = yield
    if call.when == "setup":
        item.stash[FAILED] = False
    if report.failed:
        item.stash[FAILED] = True
    if call.when == "teardown":
        report.sections.extend(_of_the_teardown(item))
    elif (call.when == "call" or report.failed) and traffic_is_wanted(item):
        report.sections.extend(_of_the_call(item))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the faults that tests planned themselves and that did not fire."""
    lines = [
        f"{report.nodeid}: {text}"
        for reports in terminalreporter.stats.values()
        for report in reports
        for title, text in getattr(report, "sections", ())
        if title == _FAULTS
    ]
    if lines:
        terminalreporter.section(_FAULTS)
        for line in lines:
            terminalreporter.line(line)


def traffic_is_wanted(node: pytest.Item) -> bool:
    """Return whether this test's reports show the recorded requests."""
    choice = traffic_choice(node.config)
    has_failed = node.stash.get(FAILED, False)
    return choice == TRAFFIC_ALWAYS or (has_failed and choice != TRAFFIC_NEVER)


def traffic_text(requests: Sequence[RecordedRequest], most: int | None = None) -> str:
    """Return the last `most` requests as text, in order, each with its reasons."""
    shown = requests if most is None else requests[-most:]
    left_out = len(requests) - len(shown)
    lines = [f"… {left_out} earlier requests are left out"] if left_out else []
    return "\n".join([*lines, *(line for request in shown for line in request.lines())])


def _of_the_call(item: pytest.Item) -> Iterator[tuple[str, str]]:
    from mock_okta.control.connection import ControlError  # noqa: PLC0415 -- slow to import

    control = item.stash.get(CONTROL, None)
    if control is None:
        return
    try:
        requests = control.requests()
    except ControlError as failure:
        yield _REQUESTS, f"The org could not be asked: {failure}"
        return
    yield _REQUESTS, traffic_text(requests, _MOST_IN_A_REPORT) or "none"
    folder = item.stash.get(OUTPUT, None)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE_NAME).write_text(f"{traffic_text(requests)}\n", "utf-8")


def _of_the_teardown(item: pytest.Item) -> Iterator[tuple[str, str]]:
    if TRAFFIC in item.stash:
        # After a failure pytest shows only those sections of a teardown that have this word in
        # their names.
        yield f"{_REQUESTS} (teardown)", item.stash[TRAFFIC] or "none"
        del item.stash[TRAFFIC]
    if NEVER_FIRED in item.stash:
        yield _FAULTS, item.stash[NEVER_FIRED]
        del item.stash[NEVER_FIRED]

"""The org during one test: applies markers at the start, reads requests and faults at the end.

The test's stash passes them to the reports (`plugin.reporting`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from mock_okta.control.connection import ControlError
from mock_okta_harness.plugin.markers import Marks, told_fault, told_never_fired
from mock_okta_harness.plugin.reporting import (
    CONTROL,
    FAILED,
    NEVER_FIRED,
    TRAFFIC,
    traffic_is_wanted,
    traffic_text,
)

if TYPE_CHECKING:
    from mock_okta.control.schema import PlannedFault
    from mock_okta_harness.control import Control

__all__ = ["OrgOfATest"]


@dataclass
class OrgOfATest:
    """An org during one test. `outlives_loop`: it still answers after the test has ended."""

    node: pytest.Item
    control: Control
    outlives_loop: bool = True
    marks: Marks = field(init=False)
    planned: tuple[PlannedFault, ...] = ()

    def __post_init__(self) -> None:
        self.marks = Marks.of(self.node)

    def begin(self) -> None:
        """Apply the test's markers to the org."""
        if self.outlives_loop:
            self.node.stash[CONTROL] = self.control
        self.planned = self.marks.apply(self.control)

    def end(self) -> None:
        """Save what the reports need; fail the test if a fault of its markers did not fire."""
        if self.outlives_loop:
            del self.node.stash[CONTROL]
        # A test may have stopped its org, or made it refuse control requests.
        with suppress(ControlError):
            if not self.outlives_loop and traffic_is_wanted(self.node):
                self.node.stash[TRAFFIC] = traffic_text(self.control.requests())
            self._judge_faults()

    def _judge_faults(self) -> None:
        in_vain = {each.id: each for each in self.control.faults() if each.never_fired}
        planned_here = zip(self.planned, self.marks.must_fire, strict=True)
        must = [each for each, must_fire in planned_here if must_fire and each.id in in_vain]
        for each in self.planned:
            in_vain.pop(each.id, None)
        if in_vain:
            self.node.stash[NEVER_FIRED] = "\n".join(map(told_fault, in_vain.values()))
        if must and not self.node.stash.get(FAILED, False):
            pytest.fail(told_never_fired(must, self.control), pytrace=False)

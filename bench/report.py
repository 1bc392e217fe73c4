"""The table, and its comparison with an earlier run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Line", "as_json", "table"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure; `goal` is the aim; with `at_most`, lower is better."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = True

    @property
    def verdict(self) -> str:
        """Whether the goal is reached; empty if there is no goal."""
        if self.goal is None:
            return ""
        reached = self.value <= self.goal if self.at_most else self.value >= self.goal
        sign = "≤" if self.at_most else "≥"
        return f"{'reached' if reached else 'MISSED'} ({sign} {_figure(self.goal)})"


def as_json(lines: Sequence[Line]) -> dict[str, float]:
    """Return the figures by name."""
    return {f"{line.name} [{line.unit}]": line.value for line in lines}


def table(lines: Sequence[Line], earlier: Mapping[str, float] | None = None) -> str:
    """Return the figures as text; with an earlier run, its values and the change."""
    width = max(len(line.name) for line in lines)
    return "\n".join(
        f"{line.name:<{width}}  {_figure(line.value):>10} {line.unit:<12}"
        f"{_change(line, earlier)}  {line.verdict}".rstrip()
        for line in lines
    )


def _figure(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def _change(line: Line, earlier: Mapping[str, float] | None) -> str:
    if earlier is None:
        return ""
    before = earlier.get(f"{line.name} [{line.unit}]")
    if not before:
        return f"  {'new':>20}"
    return f"  {_figure(before):>10} {line.value / before - 1:>+8.1%}"

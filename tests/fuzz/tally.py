"""How many requests the orgs of a run answered, by their own log."""

import logging
from collections import Counter

import pytest

__all__ = ["TALLY", "Tally"]


class Tally(logging.Handler):
    """Counts answers by their status; `defects`: what was logged of each 500."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Counter[str] = Counter()
        self.defects: list[str] = []
        self.remarks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "mock_okta.requests":
            status: int = record.__dict__["wire"]["status"]
            self.answers[f"{status // 100}xx"] += 1
        elif record.levelno >= logging.ERROR:
            self.defects.append(logging.Formatter().format(record))
        elif record.getMessage().startswith("refused a malformed request"):
            self.answers["no HTTP"] += 1

    def said(self) -> list[str]:
        """What is to be said at the end of the run."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.answers.items()))
        total = f"{self.answers.total():,} requests ({kinds}); defects: {len(self.defects)}"
        return [total, *self.remarks]


TALLY: pytest.StashKey[Tally] = pytest.StashKey()

"""Add up the last lines of pytest's runs, and print the sum in the same shape.

`summary.py LOG...`: the exit status is 1 if a run has no last line, or if a test failed.
"""

import re
import sys
from collections import Counter
from pathlib import Path

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LAST_LINE = re.compile(r"^=+ (\d+ [a-z]+.*) in ([\d.]+)s\b.*$", re.MULTILINE)
_ORDER = ("failed", "passed", "skipped", "xfailed", "xpassed", "warnings", "errors")
_PLURALS = {"warning": "warnings", "error": "errors"}
_SINGULARS = {plural: singular for singular, plural in _PLURALS.items()}


def main(*logs: str) -> int:
    """Print the sum of the logs of these runs; return the exit status."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for log in logs:
        text = _COLOURS.sub("", Path(log).read_text(encoding="utf-8", errors="replace"))
        # A failed test may print the last line of a pytest run of its own; that of the whole run
        # comes later.
        *_, (words, duration) = [("1 error", "0"), *_LAST_LINE.findall(text)]
        for number, outcome in re.findall(r"(\d+) ([a-z]+)", words):
            counts[_PLURALS.get(outcome, outcome)] += int(number)
        seconds += float(duration)
    # One run's deselected tests run in the other one.
    del counts["deselected"]
    print(_last_line(counts, seconds))
    return int(bool(counts["failed"] or counts["errors"]))


def _last_line(counts: Counter[str], seconds: float) -> str:
    named = [
        f"{counts[outcome]} {_SINGULARS.get(outcome, outcome) if counts[outcome] == 1 else outcome}"
        for outcome in _ORDER
        if counts[outcome]
    ]
    return f" {', '.join(named)} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""The gate's last line is the sum of its runs of the tests."""

import runpy
from pathlib import Path

import pytest

MAIN = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "summary.py"))["main"]
QUICK = "=========== 4100 passed, 1 skipped, 1100 deselected in 118.20s (0:01:58) ==========="
SLOW = "\x1b[32m===== \x1b[32m900 passed\x1b[0m, \x1b[33m2 skipped\x1b[0m in 700.30s =====\x1b[0m"
BROKEN = "== 2 failed, 898 passed, 1 warning, 1 error in 700.00s (0:11:40) =="


def gate(folder: Path, *runs: str) -> int:
    for number, run in enumerate(runs):
        (folder / str(number)).write_text(f"bringing up nodes...\n{run}\nnox > Session ended.\n")
    status: int = MAIN(*(str(folder / str(number)) for number in range(len(runs))))
    return status


@pytest.mark.parametrize(
    ("runs", "last_line", "status"),
    [
        ((QUICK, SLOW), "5000 passed, 3 skipped in 818.50s", 0),
        ((QUICK, BROKEN), "2 failed, 4998 passed, 1 skipped, 1 warning, 1 error in 818.20s", 1),
        ((BROKEN, QUICK), "2 failed, 4998 passed, 1 skipped, 1 warning, 1 error in 818.20s", 1),
        ((QUICK, "Killed"), "4100 passed, 1 skipped, 1 error in 118.20s", 1),
        ((f"{BROKEN}\n{QUICK}", SLOW), "5000 passed, 3 skipped in 818.50s", 0),
    ],
)
def test_the_last_line_sums_up_both_runs(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    runs: tuple[str, ...],
    last_line: str,
    status: int,
) -> None:
    assert gate(tmp_path, *runs) == status
    printed = capsys.readouterr().out
    assert printed.strip("=\n") == f" {last_line} "
    assert printed.startswith("=")

"""`nox -s bench` in small: it runs, and these are its lines; the figures are the machine's."""

import json
import subprocess
import sys
from pathlib import Path

from bench.memory import Memory


def _written(figure: int) -> str:
    return f"{figure:.4g}" if abs(figure) < 10_000 else f"{figure:,}"


def test_memory_over_flows_is_a_line_in_bytes_with_its_goal(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "bench", "--only", "memory", "--flows", "100", "--out", out]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text())
    growth = int(figures["memory growth, second half [bytes]"])
    verdict = "reached" if growth <= 2_000_000 else "MISSED"
    (line,) = [each for each in done.stdout.splitlines() if "growth, second half" in each]
    assert line.endswith(f"{_written(growth)} bytes         {verdict} (≤ 2,000,000)"), line


def test_growth_is_what_the_second_half_of_the_flows_added() -> None:
    resident = (50, 60, 61, 62, 62, 62, 62, 63, 63, 64, 69)
    assert Memory(flows=tuple(range(11)), resident=resident, live_bytes_each=0).growth == 7

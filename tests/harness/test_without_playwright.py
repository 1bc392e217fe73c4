"""The harness's commands where Playwright is not installed: help works, others say what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

# Stands for a machine without it: nothing of these packages can be found.
WITHOUT = """
import runpy, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"playwright", "pytest_playwright"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
PATIENCE = 120


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.argv[0:1] = ['']\n{WITHOUT}",
            "mock_okta",
            *arguments,
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("record",),
        ("record", "tokens"),
        ("record", "sign-in"),
        ("demo",),
        ("browser",),
        ("browser", "install"),
    ],
)
def test_help_works(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words, "--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: ")


def test_a_recording_without_a_browser_needs_none(tmp_path: Path) -> None:
    words = ("record", "sign-in", "--own", "--out", "made.yaml")
    done = run(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made.yaml").is_file()


def test_a_recording_with_one_says_what_to_install(tmp_path: Path) -> None:
    words = ("record", "tokens", "--own", "--widget", "3.2.2", "--out", "made.json")
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "pip install 'mock_okta[harness]'" in line

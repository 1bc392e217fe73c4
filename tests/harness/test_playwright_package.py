"""The package for Playwright Test: its selectors, its own tests, and the examples in its README."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mock_okta.browser.widget.releases import default_directory
from mock_okta_harness.browser import require_browser
from tests.tool_chains import needs

PACKAGE = Path(__file__).parents[2] / "harness-js"
PATIENCE = 600
BLOCK = re.compile(r"^```ts\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_its_selectors_are_those_of_the_page_objects_in_python() -> None:
    writing = runpy.run_path(str(PACKAGE / "write_selectors.py"))
    assert writing["TARGET"].read_text() == writing["selectors"](), (
        "run: python harness-js/write_selectors.py"
    )


@pytest.mark.browser
@pytest.mark.network
def test_its_tests_and_its_examples_pass(tmp_path: Path) -> None:
    npm = needs("npm")
    folder = tmp_path / "package"
    left_out = shutil.ignore_patterns("node_modules", "dist", "test-results")
    shutil.copytree(PACKAGE, folder, ignore=left_out)
    blocks = BLOCK.findall((PACKAGE / "README.md").read_text())
    examples = [block for block in blocks if "\ntest(" in block]
    assert len(examples) == 2
    for number, example in enumerate(examples, 1):
        spec = example.replace('"mock-okta-playwright"', '"../src"')
        (folder / "tests" / f"readme-{number}.spec.ts").write_text(spec)
    known = {name: value for name, value in os.environ.items() if not name.startswith("MOCK_OKTA")}
    environment = {
        **known,
        "MOCK_OKTA": str(Path(sys.executable).with_name("mock-okta")),
        "MOCK_OKTA_BROWSER": str(require_browser().path),
        "MOCK_OKTA_WIDGET_DIR": str(default_directory()),
    }
    for command in ("ci", "test"):
        done = subprocess.run(
            [npm, command],
            cwd=folder,
            env=environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout
    assert re.search(r"^ +\d+ passed", done.stdout, re.MULTILINE), done.stdout

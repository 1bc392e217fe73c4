"""Loading the plugin costs every pytest run of every project next to nothing."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

HEAVY = ("aiohttp", "playwright", "cryptography", "mock_okta", "mock_okta_demo", "jwt", "jinja2")


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, mock_okta_harness.plugin, mock_okta_harness.plugin.browser_fixtures\n"
        "import mock_okta_harness.plugin.reporting\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == []


def test_importing_the_control_client_imports_no_server_and_no_browser() -> None:
    code = (
        "import sys, mock_okta_harness.control, mock_okta_harness.builders\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == []

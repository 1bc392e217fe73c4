"""What an org does not import before somebody needs it: imports are most of a start."""

import subprocess
import sys

import pytest


@pytest.mark.process
def test_a_classic_org_starts_without_the_other_engine_and_without_checking_tokens() -> None:
    unused = {
        *("cryptography.x509", "jinja2", "jwt", "redis", "segno", "sqlite3", "webauthn", "yaml"),
        *("difflib", "importlib.metadata", "multiprocessing", "tarfile", "tomllib", "zipfile"),
        *("mock_okta.cli.mint", "mock_okta.idx", "mock_okta.process.workers"),
    }
    script = (
        "import sys; from mock_okta import Config; import mock_okta.app as app\n"
        "from mock_okta.clock import Clock; from mock_okta.storage import in_memory\n"
        "from mock_okta.services.world import world_of\n"
        "from mock_okta.services.world.key_pool import KeyPool\n"
        "from mock_okta.cli import main\n"
        "main.get_command(None, 'serve')\n"
        "clock = Clock()\n"
        "config, storage = Config(engine='classic'), in_memory(clock)\n"
        "world = world_of(storage, clock, KeyPool())\n"
        "app.build_app(config, world, config.given_seed())\n"
        f"print(*{unused!r} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""

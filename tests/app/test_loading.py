"""What an org does not import before somebody needs it: imports are most of a start."""

import subprocess
import sys

import pytest


@pytest.mark.process
def test_a_classic_org_starts_without_the_other_engine_and_without_checking_tokens() -> None:
    unused = {"jwt", "cryptography.x509", "mock_okta.idx", "jinja2"}
    script = (
        "import sys; from mock_okta import Config; import mock_okta.app as app\n"
        "from mock_okta.clock import Clock; from mock_okta.storage import in_memory\n"
        "from mock_okta.services.world.key_pool import KeyPool\n"
        "clock = Clock()\n"
        "config, storage = Config(engine='classic'), in_memory(clock)\n"
        "app.build_app(config, 'http://localhost', storage, clock, KeyPool())\n"
        f"print(*{unused!r} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""

"""What users install is the server and the harness; the demo app and the tests stay here."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parent.parent


@pytest.mark.network
def test_the_wheel_holds_the_two_packages_and_nothing_else(tmp_path: Path) -> None:
    build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    subprocess.run((sys.executable, *build), check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"mock_okta", "mock_okta_harness"}
    assert "mock_okta/web/templates/sign_in.html" in names
    assert "mock_okta/py.typed" in names
    assert not [name for name in names if name.endswith((".pem", ".js", ".map", ".pyc"))]

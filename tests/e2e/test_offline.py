"""After the setup, nothing needs the network: sign-ins with only loopback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.generations import GENERATIONS
from tests.tool_chains import needs

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]

# Brings loopback up, makes sure that there is nothing else, and becomes the command that follows.
LOOPBACK_ONLY = """
import fcntl, os, socket, struct, sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
os.execv(sys.argv[1], sys.argv[1:])
"""


def unshare() -> tuple[str, ...]:
    """The command that runs another one in a network namespace of its own."""
    is_root = sys.platform == "linux" and os.geteuid() == 0
    return ("unshare", "--net") if is_root else ("unshare", "--map-root-user", "--net")


def reason_against() -> str | None:
    tried = subprocess.run((*unshare(), "true"), check=False, capture_output=True, text=True)
    return None if tried.returncode == 0 else f"no network namespaces here: {tried.stderr.strip()}"


WALK = "tests/e2e/test_walk.py::test_the_widget_signs_a_user_in_from_start_to_finish"
PRODUCTION = "tests/e2e/test_production_names.py"
# The oldest and the newest release, each of the org's pages, and names that no name server knows.
# The walks of all releases, with a network, ask only the org and the app.
NEED_PROOF = (
    *(f"{WALK}[chromium-{one.widget}]" for one in (GENERATIONS[0], GENERATIONS[-1])),
    "tests/e2e/test_hosted_looks.py::test_no_page_asks_for_what_is_not_there",
    f"{PRODUCTION}::test_the_newest_widget_signs_in_at_a_real_looking_org",
    f"{PRODUCTION}::test_on_one_site_the_session_is_the_page_s_and_tokens_are_renewed_silently",
)


def test_sign_ins_need_no_network() -> None:
    needs("unshare")
    reason = reason_against()
    if reason:
        pytest.skip(reason)
    tests = ("-m", "pytest", "-p", "no:cacheprovider", "-n", "2", *NEED_PROOF)
    alone = (*unshare(), sys.executable, "-c", LOOPBACK_ONLY)
    run = subprocess.run(
        (*alone, sys.executable, *tests),
        check=False,
        capture_output=True,
        cwd=REPOSITORY,
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^=+ \d+ passed in ", run.stdout, re.MULTILINE), run.stdout

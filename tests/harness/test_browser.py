"""Finding, starting and installing a browser, and making it trust a CA."""

import http.server
import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_okta.process.tls import Authority
from mock_okta_harness.browser import (
    BrowserChoice,
    BrowserNotFound,
    CertificateNotTrusted,
    find_browser,
    launch_options,
    require_browser,
    trust_certificate,
)
from tests.harness.commands import MOCK_OKTA

linux = pytest.mark.skipif(platform.system() != "Linux", reason="Linux names and tools")
# What a test below needs of the machine is looked up before the tests change PATH.
REAL_PATH = os.environ.get("PATH", os.defpath)


@pytest.fixture
def bin_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that holds nothing, and no browser of Playwright's own."""
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.delenv("MOCK_OKTA_BROWSER", raising=False)
    return directory


def put(path: Path, script: str = "exit 0") -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@linux
def test_chrome_comes_before_edge_and_edge_before_chromium(bin_directory: Path) -> None:
    chromium = put(bin_directory / "chromium")
    assert find_browser() == BrowserChoice("Chromium", chromium)
    edge = put(bin_directory / "microsoft-edge")
    assert find_browser() == BrowserChoice("Microsoft Edge", edge)
    chrome = put(bin_directory / "google-chrome-stable")
    assert find_browser() == BrowserChoice("Google Chrome", chrome)


@linux
def test_the_browser_that_the_user_names_comes_first(
    bin_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bin_directory / "google-chrome")
    mine = put(bin_directory / "mine")
    monkeypatch.setenv("MOCK_OKTA_BROWSER", str(mine))
    assert find_browser() == BrowserChoice("mine", mine)


@linux
def test_a_named_browser_that_is_not_there_is_not_passed_over(
    bin_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bin_directory / "google-chrome")
    monkeypatch.setenv("MOCK_OKTA_BROWSER", str(bin_directory / "gone"))
    with pytest.raises(BrowserNotFound, match=r"MOCK_OKTA_BROWSER names .*gone"):
        find_browser()


@pytest.mark.process
@linux
@pytest.mark.skipif(Path("/snap/bin/chromium").exists(), reason="the snap is installed")
def test_a_script_that_only_asks_for_the_snap_is_no_browser(bin_directory: Path) -> None:
    put(bin_directory / "chromium-browser", "echo 'snap install chromium' >&2; exit 1")
    assert find_browser() is None


@pytest.mark.process
@linux
@pytest.mark.usefixtures("bin_directory")
def test_no_browser_at_all_gives_the_command_to_run() -> None:
    assert find_browser() is None
    with pytest.raises(BrowserNotFound, match=r"mock-okta browser install"):
        require_browser()


@pytest.mark.process
@linux
def test_playwright_s_own_browser_is_the_last_resort(bin_directory: Path, tmp_path: Path) -> None:
    asked = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    path = subprocess.run(
        (sys.executable, "-c", asked), capture_output=True, text=True, check=True
    ).stdout.strip()
    own = Path(path)
    assert own.is_relative_to(tmp_path)
    own.parent.mkdir(parents=True)
    put(own)
    assert find_browser() == BrowserChoice("Playwright's Chromium", own)
    put(bin_directory / "chromium")
    assert find_browser() == BrowserChoice("Chromium", bin_directory / "chromium")


@linux
@pytest.mark.parametrize("user", [0, 1000])
def test_the_sandbox_is_given_up_as_root_only(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    options = launch_options(BrowserChoice("Chromium", Path("/chromium")))
    assert options["executable_path"] == "/chromium"
    assert ("--no-sandbox" in options["args"]) is (user == 0)
    assert "--disable-quic" in options["args"]
    assert "env" not in options


def test_a_home_of_its_own_is_not_led_back_to_the_user_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/me/data")
    environment = launch_options(BrowserChoice("Chromium", Path("/chromium")), tmp_path)["env"]
    assert environment["HOME"] == str(tmp_path)
    assert "XDG_DATA_HOME" not in environment
    assert environment["PATH"] == os.environ["PATH"]


def install(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*MOCK_OKTA, "browser", "install"),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.process
@linux
def test_install_says_which_browser_is_there_already(bin_directory: Path) -> None:
    chromium = put(bin_directory / "chromium")
    put(bin_directory / "certutil")
    done = install()
    assert (done.returncode, done.stdout) == (0, f"Browser: Chromium ({chromium})\n")


# Without apt-get on PATH it does not see a Debian, so these tests install nothing.
@pytest.mark.process
@linux
@pytest.mark.usefixtures("bin_directory")
def test_install_says_what_could_not_be_had() -> None:
    done = install(PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "Playwright could not install its browser" in done.stdout
    assert "only as root on Debian" in done.stdout
    assert done.stderr.splitlines()[-1] == (
        "Error: No browser could be installed: install Google Chrome, Microsoft Edge or Chromium."
    )


@pytest.mark.process
@linux
def test_install_passes_over_a_browser_that_does_not_start(bin_directory: Path) -> None:
    put(bin_directory / "chromium", "echo 'libnss3.so: no such file' >&2; exit 127")
    done = install(PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "does not start: libnss3.so: no such file" in done.stdout


@pytest.mark.process
@linux
def test_install_says_that_certutil_is_missing_and_goes_on(bin_directory: Path) -> None:
    put(bin_directory / "chromium")
    done = install()
    assert done.returncode == 0
    assert "libnss3-tools" in done.stdout


@pytest.mark.process
@linux
@pytest.mark.skipif(os.geteuid() != 0, reason="apt-get is for root")
@pytest.mark.skipif(
    platform.freedesktop_os_release().get("ID") != "debian", reason="Debian's chromium"
)
def test_install_takes_debian_s_chromium_when_nothing_else_is_to_be_had(
    bin_directory: Path,
) -> None:
    put(
        bin_directory / "apt-get",
        f'echo "$@" >> {bin_directory}/calls\n'
        f"PATH={REAL_PATH}\n"
        f'for last in "$@"; do :; done\n'
        f"ln -sf /bin/true {bin_directory}/$last",
    )
    done = install(PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:1")
    assert done.returncode == 0
    assert f"Browser: Chromium ({bin_directory}/chromium)" in done.stdout
    assert (bin_directory / "calls").read_text().splitlines() == [
        "update",
        "install --yes --no-install-recommends chromium",
        "update",
        "install --yes --no-install-recommends libnss3-tools",
    ]


@linux
@pytest.mark.usefixtures("bin_directory")
def test_trust_without_certutil_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(CertificateNotTrusted, match=r"libnss3-tools .* nss-tools"):
        trust_certificate(tmp_path, tmp_path / "ca.pem")


@pytest.fixture
def https_page(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The URL of a page served over https, and the CA's certificate."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>served over https</title>")

        def log_message(self, *_arguments: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_arguments: object) -> None:
            pass  # a browser that does not trust us hangs up

    authority = Authority.generate()
    ca_pem = tmp_path / "ca.pem"
    ca_pem.write_bytes(authority.certificate_pem)
    with Server(("127.0.0.1", 0), Page) as server:
        server.socket = (
            authority.issue().server_context().wrap_socket(server.socket, server_side=True)
        )
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://localhost:{server.server_address[1]}/", ca_pem
        server.shutdown()
        thread.join()


VISIT = """
import json, sys
from playwright.sync_api import Error, sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**json.loads(sys.argv[1]))
    page = browser.new_page()
    try:
        page.goto(sys.argv[2])
        print(page.title())
    except Error as error:
        print(error.message.splitlines()[0])
    browser.close()
"""


def visit(url: str, home: Path) -> str:
    """Return the page's title, or why it was not shown, in a process without our event loops."""
    done = subprocess.run(
        (sys.executable, "-c", VISIT, json.dumps(launch_options(home=home)), url),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@linux
@pytest.mark.browser
@pytest.mark.parametrize("existing", [None, ".pki/nssdb", ".local/share/pki/nssdb"])
def test_a_page_over_https_is_shown_only_when_the_ca_is_trusted(
    https_page: tuple[str, Path], tmp_path: Path, existing: str | None
) -> None:
    url, ca_pem = https_page
    home = tmp_path / "home"
    (home / (existing or "")).mkdir(parents=True)
    if existing is None:
        assert "ERR_CERT_AUTHORITY_INVALID" in visit(url, home)
    trust_certificate(home, ca_pem)
    assert visit(url, home) == "served over https"


@linux
@pytest.mark.browser
def test_a_new_ca_takes_the_place_of_the_old_one(
    https_page: tuple[str, Path], tmp_path: Path
) -> None:
    url, ca_pem = https_page
    home = tmp_path / "home"
    old = tmp_path / "old.pem"
    old.write_bytes(Authority.generate().certificate_pem)
    trust_certificate(home, old)
    assert "ERR_CERT_AUTHORITY_INVALID" in visit(url, home)
    trust_certificate(home, ca_pem)
    trust_certificate(home, ca_pem)
    assert visit(url, home) == "served over https"

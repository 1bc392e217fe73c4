"""Programs of several stacks trust the org's CA by the lines that `mock-okta ca` prints.

Each is run by a shell that sets those lines; without them each refuses the org.
"""

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.process.tls import Authority
from mock_okta.process.trust import bundle_with_system
from mock_okta_harness.browser import find_browser, launch_options
from tests.tool_chains import lacks, needs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the lines are for a POSIX shell")

VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "JAVA_TOOL_OPTIONS",
)
PATIENCE = 120


@dataclass(frozen=True)
class Stack:
    """A shell beside an https org."""

    url: str
    ca: Path
    bundle: Path
    printed: str
    home: Path

    def lines_with(self, word: str) -> str:
        """Of the lines to set, with those that the reader may choose, those that have the word."""
        lines = re.sub(r"^#   ", "", self.printed, flags=re.MULTILINE)
        return "\n".join(line for line in lines.splitlines() if word in line)

    def run(self, lines: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run the command in a shell, which first reads the lines."""
        usual = {k: v for k, v in os.environ.items() if k not in VARIABLES}
        script = f"set -e\n{lines}\nexec {' '.join(map(quote, command))}"
        return subprocess.run(
            ["/bin/sh", "-c", script],
            env=usual | {"HOME": str(self.home), "ORG": self.url},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def is_reached_only_with(self, lines: str, *command: str) -> None:
        """Check that the command prints the org's issuer, and without the lines refuses the org."""
        trusting = self.run(lines, *command)
        assert trusting.returncode == 0, trusting.stderr
        assert trusting.stdout.split()[-1] == f"{self.url}/oauth2/default"
        refusing = self.run("", *command)
        assert refusing.returncode != 0
        assert re.search("certificate|certification path|CERT", refusing.stderr + refusing.stdout)


@pytest.fixture(scope="module")
def stack(shared_pool: KeyPool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("a place with spaces")
    state, bundle, home = folder / "state", folder / "bundle.pem", folder / "home"
    home.mkdir()
    command = (sys.executable, "-m", "mock_okta", "ca", "--state-dir", state, "--bundle", bundle)
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    with MockOkta(Config(tls=True, state_dir=state), key_pool=shared_pool) as org:
        yield Stack(org.url, org.ca_path, bundle, printed, home)


DISCOVERY = "/oauth2/default/.well-known/openid-configuration"
PYTHON = {
    "urllib": f"""
import json, os, urllib.request
with urllib.request.urlopen(os.environ["ORG"] + "{DISCOVERY}") as answer:
    print(json.load(answer)["issuer"])
""",
    "requests": f"""
import os, requests
print(requests.get(os.environ["ORG"] + "{DISCOVERY}").json()["issuer"])
""",
    "aiohttp": f"""
import aiohttp, asyncio, os
async def main():
    async with aiohttp.request("GET", os.environ["ORG"] + "{DISCOVERY}") as answer:
        print((await answer.json())["issuer"])
asyncio.run(main())
""",
}
NODE = f"""
fetch(process.env.ORG + "{DISCOVERY}")
  .then((answer) => answer.json())
  .then((document) => console.log(document.issuer))
  .catch((error) => {{ console.error(error.cause); process.exit(1); }});
"""
JAVA = f"""
import java.net.URI;
import java.net.http.*;

class Discovery {{
  public static void main(String[] arguments) throws Exception {{
    var request = HttpRequest.newBuilder(URI.create(System.getenv("ORG") + "{DISCOVERY}")).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.body().split("\\"issuer\\":\\"")[1].split("\\"")[0]);
  }}
}}
"""


@pytest.mark.process
@pytest.mark.parametrize("library", PYTHON)
def test_python_trusts_the_org(stack: Stack, library: str) -> None:
    stack.is_reached_only_with(stack.printed, sys.executable, "-c", PYTHON[library])


@pytest.mark.process
def test_node_trusts_the_org(stack: Stack) -> None:
    stack.is_reached_only_with(stack.printed, needs("node"), "-e", NODE)


@pytest.mark.process
def test_curl_trusts_the_org(stack: Stack) -> None:
    command = (needs("curl"), "--silent", "--show-error", "--noproxy", "*", "--fail")
    written = ("--output", "/dev/null", "--write-out", "%{url}")
    trusting = stack.run(stack.printed, *command, *written, f"{stack.url}/oauth2/default/v1/keys")
    assert (trusting.returncode, trusting.stderr) == (0, "")
    refusing = stack.run("", *command, *written, f"{stack.url}/oauth2/default/v1/keys")
    assert refusing.returncode == 60  # CURLE_PEER_FAILED_VERIFICATION


@pytest.fixture
def java_program(stack: Stack) -> tuple[str, str]:
    java = needs("java")
    source = stack.home / "Discovery.java"
    source.write_text(JAVA)
    return java, str(source)


@pytest.mark.process
@pytest.mark.parametrize("before", ["unset JAVA_HOME", "export JAVA_HOME=/missing"])
def test_java_trusts_the_org(stack: Stack, java_program: tuple[str, str], before: str) -> None:
    stack.is_reached_only_with(f"{before}\n{stack.printed}", *java_program)


@pytest.mark.process
def test_java_keeps_the_options_that_it_had(stack: Stack, java_program: tuple[str, str]) -> None:
    before = "set -u\nexport JAVA_TOOL_OPTIONS='-Dmine=\"a b\"'"
    done = stack.run(f"{before}\n{stack.printed}", *java_program)
    assert done.returncode == 0, done.stderr
    assert 'JAVA_TOOL_OPTIONS: -Dmine="a b" "-Djavax.net.ssl.trustStore=' in done.stderr


@pytest.mark.browser
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's store counts")
@pytest.mark.parametrize("existing", [None, ".pki/nssdb", ".local/share/pki/nssdb"])
def test_chromium_trusts_the_org(stack: Stack, tmp_path: Path, existing: str | None) -> None:
    needs("certutil")
    if find_browser() is None:
        lacks("there is no browser")
    home = tmp_path / "home"
    (home / (existing or "")).mkdir(parents=True)
    if existing is None:
        assert "ERR_CERT_AUTHORITY_INVALID" in visit(stack.url, home)
    lines = f"export HOME={quote(str(home))}\n{stack.lines_with('nssdb')}"
    done = stack.run(lines, "true")
    assert done.returncode == 0, done.stderr
    assert "ERR_" not in visit(stack.url, home)


VISIT = """
import json, sys
from playwright.sync_api import Error, sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**json.loads(sys.argv[1]))
    page = browser.new_page()
    try:
        print(page.goto(sys.argv[2]).status, page.title())
    except Error as error:
        print(error.message.splitlines()[0])
    browser.close()
"""


def visit(url: str, home: Path) -> str:
    """Say what the browser with that home shows, in a process without our event loops."""
    options = json.dumps(launch_options(home=home))
    command = (sys.executable, "-c", VISIT, options, url)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def certificates(pem: bytes) -> set[bytes]:
    """The distinct CAs of a PEM file, as OpenSSL reads them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem.decode())
    return set(context.get_ca_certs(binary_form=True))


@pytest.mark.process
def test_the_bundle_has_the_ca_and_all_of_the_systems(stack: Stack) -> None:
    own = certificates(stack.ca.read_bytes())
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None:
        pytest.skip("OpenSSL has no file of CAs here")
    assert len(own) == 1
    assert certificates(stack.bundle.read_bytes()) == own | certificates(
        Path(paths.cafile).read_bytes()
    )


@pytest.mark.process
def test_a_bundle_made_from_an_earlier_bundle_is_the_same(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(stack.bundle))
    assert bundle_with_system(stack.ca.read_bytes()) == stack.bundle.read_bytes()


@pytest.mark.process
def test_what_the_variables_named_before_is_in_the_bundle_that_replaces_it(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = set()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        company = Authority.generate().certificate_pem
        (tmp_path / name).write_bytes(b"# ours\n" + company)
        monkeypatch.setenv(name, str(tmp_path / name))
        added |= certificates(company)
    before = certificates(stack.bundle.read_bytes())
    assert certificates(bundle_with_system(stack.ca.read_bytes())) == before | added
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))  # requests takes a folder too
    monkeypatch.delenv("CURL_CA_BUNDLE")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "missing.pem")
    assert certificates(bundle_with_system(stack.ca.read_bytes())) == before


@pytest.fixture
def nothing_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.process
@pytest.mark.usefixtures("nothing_else_is_named")
def test_a_directory_of_cas_counts_where_there_is_no_file(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "0123abcd.0"
    other.write_bytes(stack.ca.read_bytes())
    (tmp_path / "README").write_text("no CA")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert bundle_with_system(b"own") == b"own\n" + stack.ca.read_bytes()


@pytest.mark.usefixtures("nothing_else_is_named")
def test_certifi_counts_where_there_is_nothing_of_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certifi = pytest.importorskip("certifi")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "missing"))
    assert bundle_with_system(b"own") == b"own\n" + certifi.contents().encode()


@pytest.mark.process
def test_a_bundle_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    bundle = tmp_path / "missing" / "bundle.pem"
    done = subprocess.run(
        (sys.executable, "-m", "mock_okta", "ca", "--state-dir", tmp_path, "--bundle", bundle),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: cannot write {bundle}: ")

"""An org at `https://your-org.okta.com`, as an app in production knows it, on this machine."""

import asyncio
import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest

from mock_okta import Config, MockOkta, Proxy
from mock_okta_harness.control import Control
from tests.tool_chains import needs
from tests.visiting import APP, CALLBACK, SEED, Visitor, claims_of

DOMAIN, CUSTOM = "your-org.okta.com", "login.example.test"
URL, CDN = f"https://{DOMAIN}", "https://global.oktacdn.com"
ISSUER = f"{URL}/oauth2/default"
FILE = "/okta-signin-widget/3.2.2/js/okta-sign-in.min.js"
COMMAND = (sys.executable, "-m", "mock_okta")
PATIENCE = 60


@pytest.fixture
def config(tmp_path: Path) -> Config:
    script = tmp_path / FILE.lstrip("/").partition("/")[2]
    script.parent.mkdir(parents=True)
    script.write_text("/* script */")
    return Config(seed=SEED, widget_dir=tmp_path).at_domain(DOMAIN, CUSTOM)


@pytest.fixture
async def visitor(org: MockOkta) -> AsyncIterator[Visitor]:
    """A user whose client knows only the domain, and uses the proxy."""
    trust = ssl.create_default_context(cafile=str(org.ca_path))
    async with (
        Proxy(org) as proxy,
        aiohttp.ClientSession(proxy=proxy.url, connector=aiohttp.TCPConnector(ssl=trust)) as http,
    ):
        yield Visitor(org, http)


def test_a_domain_is_https_on_its_usual_port_wherever_the_org_listens() -> None:
    config = Config(port=8700, tls_names=("kept.test",)).at_domain("Your-Org.okta.com", CUSTOM)
    assert (config.first_name, config.public_url, config.tls) == (DOMAIN, f"https://{DOMAIN}", True)
    assert config.tls_names == ("kept.test", CUSTOM, "*.oktacdn.com")
    assert config.port == 8700


async def test_what_programs_of_this_machine_need_is_reported(org: MockOkta) -> None:
    local = urlsplit(org.local_url)
    assert (local.scheme, local.hostname) == ("https", "127.0.0.1")
    assert (org.url, org.issuer(), org.issuer("org")) == (URL, ISSUER, URL)
    names = (DOMAIN, CUSTOM, "*.oktacdn.com")
    assert org.routes == {f"{name}:443": local.netloc for name in names}


async def test_an_org_of_this_machine_s_own_name_needs_no_routes() -> None:
    async with MockOkta(Config(seed=SEED)) as org:
        assert (org.routes, org.local_url) == ({}, org.url)
    async with MockOkta(Config(seed=SEED, hostname="okta.test")) as org:
        port = urlsplit(org.url).port
        assert org.url == f"http://okta.test:{port}"
        assert org.routes == {f"okta.test:{port}": f"127.0.0.1:{port}"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 -- what is tested
async def test_an_org_that_listens_widely_is_reached_on_loopback(host: str) -> None:
    async with MockOkta(Config(seed=SEED, host=host).at_domain(DOMAIN)) as org, Proxy(org) as proxy:
        trust = ssl.create_default_context(cafile=str(org.ca_path))
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{URL}/_mock/health", proxy=proxy.url, ssl=trust) as answer,
        ):
            assert answer.status == 200
            assert urlsplit(org.local_url).hostname in ("127.0.0.1", "::1")


async def test_all_that_the_org_says_of_itself_is_at_the_domain(visitor: Visitor) -> None:
    discovery = await visitor.ask("GET", f"{ISSUER}/.well-known/openid-configuration")
    links = [value for value in discovery.json().values() if str(value).startswith("http")]
    assert len(links) > 5
    assert all(link.startswith(f"{URL}/") for link in links)
    tokens = await visitor.tokens()
    assert {claims_of(tokens[name])["iss"] for name in ("access_token", "id_token")} == {ISSUER}
    assert (await visitor.userinfo(tokens["access_token"])).status == 200


async def test_its_other_domain_has_issuers_of_its_own(visitor: Visitor) -> None:
    at_other = f"https://{CUSTOM}/oauth2/default"
    discovery = await visitor.ask("GET", f"{at_other}/.well-known/openid-configuration")
    assert discovery.json()["issuer"] == at_other


async def test_its_cookies_are_the_domain_s_own(visitor: Visitor) -> None:
    query = {"token": await visitor.session_token(), "redirectUrl": f"{URL}/app/UserHome"}
    answer = await visitor.ask("GET", f"/login/sessionCookieRedirect?{urlencode(query)}")
    assert answer.location == f"{URL}/app/UserHome"
    sid = answer.set_cookies()["idx"]
    assert "Secure" in sid
    assert "SameSite=None" in sid
    assert "domain" not in sid.lower()
    assert await visitor.session_id() is not None


async def test_redirects_of_a_sign_in_stay_at_the_domain(visitor: Visitor) -> None:
    answer = await visitor.authorize()
    assert answer.location.startswith(f"{URL}/login/login.htm?fromURI=")
    back = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert back.location.startswith(f"{CALLBACK}?code=")


async def test_an_app_s_origin_may_read_what_it_may_of_a_real_org(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/api/v1/sessions/me", headers={"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("origin", [APP, URL])
async def test_the_cdn_s_files_are_read_from_any_origin_the_org_s_too(
    visitor: Visitor, origin: str
) -> None:
    answer = await visitor.ask("GET", f"{CDN}{FILE}", headers={"Origin": origin})
    assert (answer.status, answer.text) == (200, "/* script */")
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    at_the_org = await visitor.ask("GET", FILE, headers={"Origin": URL})
    assert "Access-Control-Allow-Origin" not in at_the_org.headers


async def test_the_control_api_is_at_the_org_s_names_and_not_at_the_cdn(
    visitor: Visitor, org: MockOkta
) -> None:
    for base, status in ((URL, 200), (f"https://{CUSTOM}", 200), (CDN, 403)):
        assert (await visitor.ask("GET", f"{base}/_mock/org")).status == status
    direct = await visitor.http.get(f"{org.local_url}/_mock/org")
    assert (direct.status, (await direct.json())["url"]) == (200, URL)


# Programs


@contextmanager
def running(*arguments: str, until: str, **variables: str) -> Iterator[str]:
    """A `mock-okta` process that has said what it says at its start."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith("MOCK_OKTA")}
    with subprocess.Popen(
        (*COMMAND, *arguments), stdout=subprocess.PIPE, text=True, env=usual | variables
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            while until not in said:
                line = process.stdout.readline()
                assert line, said
                said += line
            yield said
        finally:
            process.terminate()
            rest, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said + rest


REQUESTS = """
import os, requests
print(requests.get(os.environ["ISSUER"] + "/.well-known/openid-configuration").json()["issuer"])
"""
AIOHTTP = """
import aiohttp, asyncio, os
async def main():
    async with aiohttp.ClientSession(trust_env=True) as http:
        answer = await http.get(os.environ["ISSUER"] + "/.well-known/openid-configuration")
        print((await answer.json())["issuer"])
asyncio.run(main())
"""
# What Node's own https does by itself from 22.21 and 24.5 on; here by hand, as any release can.
NODE = """
const http = require("http"), https = require("https"), tls = require("tls");
const { hostname, pathname } = new URL(process.env.ISSUER + "/.well-known/openid-configuration");
const { hostname: host, port } = new URL(process.env.HTTPS_PROXY);
http.request({ host, port, method: "CONNECT", path: `${hostname}:443` })
  .on("connect", (answer, socket) => {
    const createConnection = () => tls.connect({ socket, servername: hostname });
    https.get({ hostname, path: pathname, createConnection }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      console.log(JSON.parse(text).issuer);
      socket.destroy();
    });
  }).end();
"""


JAVA = """
import java.net.URI;
import java.net.http.*;

class Discovery {
  public static void main(String[] arguments) throws Exception {
    var uri = URI.create(System.getenv("ISSUER") + "/.well-known/openid-configuration");
    var request = HttpRequest.newBuilder(uri).build();
    System.out.println(
      HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
"""

PROGRAMS = {
    "requests": (sys.executable, "-c", REQUESTS),
    "aiohttp": (sys.executable, "-c", AIOHTTP),
    "node": ("node", "-e", NODE),
    "curl": ("curl", "-sS", "--fail", f"{ISSUER}/.well-known/openid-configuration"),
    "java": ("java", "Discovery.java"),
}


@pytest.mark.process
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_run_beside_the_org_finds_it_by_its_domain(name: str, tmp_path: Path) -> None:
    """Certificates are checked, against the CA that `run` makes known.

    What the user has for a proxy of the company's does not lead to the real org.
    """
    program = PROGRAMS[name]
    needs(program[0])
    (tmp_path / "Discovery.java").write_text(JAVA)
    hindering = dict.fromkeys(("NO_PROXY", "no_proxy"), f"localhost,{DOMAIN}")
    hindering["JAVA_TOOL_OPTIONS"] = f"-Dhttp.nonProxyHosts={DOMAIN}"
    done = subprocess.run(
        (*COMMAND, "run", "--domain", DOMAIN, "--", *program),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=os.environ | hindering,
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("Picked up JAVA_")]
    assert (done.returncode, said) == (0, [])
    assert ISSUER in done.stdout


def told(*arguments: str) -> Mapping[str, str]:
    tell = "import json, os; print(json.dumps(dict(os.environ)))"
    command = (*COMMAND, "run", *arguments, "--", sys.executable, "-c", tell)
    found: dict[str, str] = json.loads(subprocess.check_output(command, timeout=PATIENCE))
    return found


@pytest.mark.process
def test_a_command_gets_the_domain_and_where_the_control_api_is() -> None:
    found = told("--domain", DOMAIN)
    assert found["ISSUER"] == ISSUER
    assert found["OKTA_CLIENT_ORGURL"] == found["MOCK_OKTA_PUBLIC_URL"] == URL
    assert found["MOCK_OKTA_URL"].startswith("https://127.0.0.1:")
    assert found["HTTPS_PROXY"] == found["https_proxy"]


@pytest.mark.process
def test_others_are_refused_beside_a_command_unless_they_are_let_pass() -> None:
    reach = """
import os, urllib.request
try: urllib.request.urlopen("https://nowhere.invalid")
except OSError as error: print(error)
"""
    for options, reason in (((), "403 Forbidden"), (("--pass-others",), "502 Bad Gateway")):
        command = (*COMMAND, "run", "--domain", DOMAIN, *options, "--", sys.executable, "-c", reach)
        assert reason in subprocess.check_output(command, text=True, timeout=PATIENCE)


@pytest.mark.process
def test_the_proxy_is_a_command_of_its_own_beside_an_org_that_is_served(tmp_path: Path) -> None:
    serve = ("serve", "--domain", DOMAIN, "--port", "0", "--state-dir", str(tmp_path))
    with running(*serve, until="Stop with Ctrl-C") as served:
        assert f"at {URL}\n" in served
        found = re.search(rf"{DOMAIN}:443=(\S+)", served)
        assert found, served
        options = ("--domain", DOMAIN, "--to", found[1], "--port", "0")
        with running("proxy", *options, until="JAVA_TOOL_OPTIONS=") as listening:
            assert f"  *.oktacdn.com:443  for {found[1]}" in listening
            url = listening.rpartition("HTTPS_PROXY=")[2].split()[0]
            port = urlsplit(url).port
            java = f"'-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={port} -Dhttp.non"
            assert f"JAVA_TOOL_OPTIONS={java}" in listening
            ca = str(tmp_path / "tls" / "ca.pem")
            done = subprocess.run(
                (sys.executable, "-c", REQUESTS),
                env={"HTTPS_PROXY": url, "REQUESTS_CA_BUNDLE": ca, "ISSUER": ISSUER},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert (done.stdout, done.stderr) == (f"{ISSUER}\n", "")


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ((), "Missing option '--domain'"),
        (("--domain", DOMAIN, "--map", "a.test:443"), "--map: expected HOST:PORT=ADDRESS:PORT"),
        (("--domain", DOMAIN, "--map", "a.test=b"), "a.test to b: expected HOST:PORT"),
        (("--domain", DOMAIN, "--to", "nowhere"), "expected HOST:PORT"),
        (("--domain", DOMAIN, "--host", "203.0.113.1"), "cannot listen on port"),
    ],
)
def test_a_mistake_of_the_proxy_s_options_is_one_line(
    options: tuple[str, ...], complaint: str
) -> None:
    done = subprocess.run(
        (*COMMAND, "proxy", *options), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode in (1, 2)
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


async def test_a_test_drives_it_where_it_listens(org: MockOkta) -> None:
    control = Control(org.local_url, org.ca_path)
    assert (await asyncio.to_thread(control.org)).url == URL

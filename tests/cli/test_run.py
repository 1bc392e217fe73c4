"""`mock-okta run -- COMMAND`, as a person and as CI run it: real processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from mock_okta.cli.proxy import proxy as proxy_command
from mock_okta.cli.run import run as run_command
from tests.cli.running import PATIENCE, RUN, SECRETS_OF_A_REAL_ORG, with_leftovers

TELL = "import json, os; print(json.dumps(dict(os.environ)))"
WIDE_SEED = """
users: [{login: mine@example.com, password: mine-1}]
clients:
  - {name: Mine, type: web, client_id: 0oa1web, client_secret: secret-1}
  - {name: Single page, type: spa, client_id: 0oa1spa}
authorization_servers: [{id: mine, audiences: ["api://mine"]}]
api_tokens: [{token: token-1}]
"""


@pytest.fixture
def environment() -> dict[str, str]:
    return with_leftovers()


def ended(
    *arguments: str | Path, environment: Mapping[str, str], words: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `mock-okta run` to its end; `words` are on the command's standard input."""
    return subprocess.run(
        [*RUN, *arguments],
        env=environment,
        input=words,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def told(*arguments: str | Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What the command finds in its environment."""
    done = ended(*arguments, "--", sys.executable, "-c", TELL, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.process
def test_the_command_finds_a_ready_org_in_its_environment(environment: dict[str, str]) -> None:
    code = """
import json, os, urllib.request
with urllib.request.urlopen(os.environ["ISSUER"] + "/.well-known/openid-configuration") as answer:
    print(json.load(answer)["issuer"] == os.environ["ISSUER"])
"""
    done = ended("--", sys.executable, "-c", code, environment=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.process
def test_it_gets_the_org_in_the_words_of_okta_s_sdks(
    environment: dict[str, str], tmp_path: Path
) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(WIDE_SEED)
    found = told("--seed", seed, environment=environment)
    url = found["MOCK_OKTA_URL"]
    expected = {
        "OKTA_ORG_URL": url,
        "OKTA_CLIENT_ORGURL": url,
        "ISSUER": f"{url}/oauth2/mine",
        "OKTA_ISSUER": f"{url}/oauth2/mine",
        "OKTA_OAUTH2_ISSUER": f"{url}/oauth2/mine",
        "OKTA_OAUTH2_AUDIENCE": "api://mine",
        "CLIENT_ID": "0oa1web",
        "OKTA_CLIENT_ID": "0oa1web",
        "OKTA_CLIENT_CLIENTID": "0oa1web",
        "OKTA_OAUTH2_CLIENT_ID": "0oa1web",
        "CLIENT_SECRET": "secret-1",
        "OKTA_CLIENT_SECRET": "secret-1",
        "OKTA_OAUTH2_CLIENT_SECRET": "secret-1",
        "SPA_CLIENT_ID": "0oa1spa",
        "WEB_CLIENT_ID": "0oa1web",
        "OKTA_USERNAME": "mine@example.com",
        "OKTA_PASSWORD": "mine-1",
        "OKTA_CLIENT_TOKEN": "token-1",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert url.startswith("http://localhost:")


@pytest.mark.process
def test_the_user_names_more_variables(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "okta.env"
    file.write_text("# for Cypress\n\nexport CYPRESS_ISSUER='{issuer}'\nBOTH=1\nAIM={audience}\n")
    found = told(
        *("--env-file", file, "--env", "BOTH={url}/{client_id}"),
        *("--env", "PLAIN={issuer}?a=b", "--env", "NONE={client_secret}"),
        environment=environment,
    )
    assert found["CYPRESS_ISSUER"] == found["ISSUER"]
    assert found["BOTH"] == f"{found['OKTA_ORG_URL']}/{found['CLIENT_ID']}"
    assert found["PLAIN"] == f"{found['ISSUER']}?a=b"
    assert found["AIM"] == found["OKTA_OAUTH2_AUDIENCE"]
    assert found["NONE"] == ""


@pytest.mark.process
@pytest.mark.parametrize("client", ["Single page", "0oa1spa"])
def test_another_client_can_be_chosen_and_no_secret_is_left_over(
    environment: dict[str, str], tmp_path: Path, client: str
) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(WIDE_SEED.replace("api_tokens", "trusted_origins: []\n#"))
    found = told("--seed", seed, "--client", client, environment=environment)
    assert found["CLIENT_ID"] == found["OKTA_OAUTH2_CLIENT_ID"] == "0oa1spa"
    assert "OKTA_OAUTH2_CLIENT_SECRET" not in found
    assert not SECRETS_OF_A_REAL_ORG.keys() & found.keys()


@pytest.mark.process
def test_an_org_that_is_empty_has_its_own_issuer_alone(
    environment: dict[str, str], tmp_path: Path
) -> None:
    empty = {"users": [], "clients": [], "authorization_servers": []}
    (tmp_path / "seed.json").write_text(json.dumps(empty))
    found = told("--seed", tmp_path / "seed.json", environment=environment)
    assert found["ISSUER"] == found["MOCK_OKTA_URL"]
    assert not {"CLIENT_ID", "OKTA_USERNAME", "SPA_CLIENT_ID", "OKTA_OAUTH2_AUDIENCE"} & set(found)


@pytest.mark.process
@pytest.mark.parametrize(
    "variables", [{}, {"MOCK_OKTA_RUN_HTTPS": "1"}], ids=["option", "variable"]
)
def test_over_https_it_trusts_the_ca(
    environment: dict[str, str], variables: dict[str, str]
) -> None:
    code = """
import os, ssl, urllib.request
print(urllib.request.urlopen(os.environ["MOCK_OKTA_URL"] + "/_mock/org").status)
context = ssl.create_default_context(cafile=os.environ["MOCK_OKTA_CA_FILE"])
print(len(context.get_ca_certs()))
names = "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"
print(len({os.environ[name] for name in names}))
"""
    arguments = () if variables else ("--https",)
    done = ended(*arguments, "--", sys.executable, "-c", code, environment=environment | variables)
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n1\n1\n", "")


@pytest.mark.process
def test_options_that_java_had_are_kept_before_those_of_the_org(
    environment: dict[str, str],
) -> None:
    environment = environment | {"JAVA_TOOL_OPTIONS": "-Xmx1g -Dhttps.proxyHost=another"}
    over_https = told("--https", environment=environment)["JAVA_TOOL_OPTIONS"]
    store = r"-Djavax\.net\.ssl\.trustStore=\S+-java\.p12"
    assert re.match(rf"-Xmx1g -Dhttps\.proxyHost=another {store} ", over_https)
    at_a_domain = told("--domain", "a.okta.com", environment=environment)["JAVA_TOOL_OPTIONS"]
    assert re.search(rf" {store} .* -Dhttps\.proxyHost=127\.0\.0\.1 ", at_a_domain)
    assert told(environment=environment)["JAVA_TOOL_OPTIONS"] == environment["JAVA_TOOL_OPTIONS"]


@pytest.mark.process
def test_the_plugin_finds_the_org(environment: dict[str, str], tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        "import os\n"
        "def test_it(okta_url, okta_control):\n"
        "    assert okta_url == os.environ['MOCK_OKTA_URL'] == okta_control.org().url\n"
    )
    command = (sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", tmp_path, test)
    done = ended("--https", "--", *map(str, command), environment=environment)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


@pytest.mark.process
def test_standard_input_and_output_are_the_command_s_own(environment: dict[str, str]) -> None:
    code = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('own')"
    done = ended("--", sys.executable, "-c", code, environment=environment, words="words")
    assert (done.stdout, done.stderr) == ("WORDS", "own")


@pytest.mark.process
def test_what_the_org_says_is_on_standard_error_when_asked_for(
    environment: dict[str, str],
) -> None:
    code = """
import os, urllib.error, urllib.request
try: urllib.request.urlopen(os.environ["MOCK_OKTA_URL"] + "/nowhere")
except urllib.error.HTTPError as error: error.close()
"""
    quiet = ended("--", sys.executable, "-c", code, environment=environment)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    verbose = ended("-v", "--", sys.executable, "-c", code, environment=environment)
    assert verbose.stdout == ""
    assert "tester@example.com" in verbose.stderr
    assert " GET /nowhere 404 " in verbose.stderr


@pytest.mark.process
@pytest.mark.parametrize("status", [0, 1, 5, 255])
def test_its_exit_status_is_the_command_s(environment: dict[str, str], status: int) -> None:
    done = ended(sys.executable, "-c", f"raise SystemExit({status})", environment=environment)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.process
def test_an_end_by_a_signal_is_reported_as_shells_tell_it(environment: dict[str, str]) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    done = ended("--", sys.executable, "-c", code, environment=environment)
    assert done.returncode == 128 + signal.SIGKILL


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "status", "named"),
    [
        (["--", "no-such-command"], 127, "no-such-command"),
        (["--", "./no/such/file"], 127, "./no/such/file"),
        (["--", "."], 127, ".:"),
        ([], 2, "COMMAND"),
        (["--client", "nobody", "--", "true"], 1, "'nobody'"),
        (["--seed", "missing.yaml", "--", "true"], 1, "missing.yaml"),
        (["--port", "70000", "--", "true"], 1, "70000"),
        (["--no-such-option", "--", "true"], 2, "--no-such-option"),
    ],
    ids=str,
)
def test_a_mistake_is_one_clear_line(
    environment: dict[str, str], arguments: list[str], status: int, named: str
) -> None:
    done = ended(*arguments, environment=environment)
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert named in line
    assert (done.returncode, done.stdout) == (status, "")


@pytest.mark.process
def test_it_gets_the_control_token(environment: dict[str, str]) -> None:
    assert (
        told("--control-token", "token-1", environment=environment)["MOCK_OKTA_TOKEN"] == "token-1"
    )
    assert "MOCK_OKTA_TOKEN" not in told(environment=environment | {"MOCK_OKTA_TOKEN": "stale"})


@pytest.mark.parametrize("command", [run_command, proxy_command])
def test_every_option_has_a_variable_named_after_it(command: click.Command) -> None:
    for option in command.params:
        if isinstance(option, click.Option):
            flags = [each.removeprefix("--").replace("-", "_") for each in option.opts]
            own = f"MOCK_OKTA_{flags[0].upper()}"
            assert option.envvar in (None, own)  # a shorter one beside its own
            assert option.name in flags


@pytest.mark.process
def test_more_names_lead_where_the_command_wants_them(environment: dict[str, str]) -> None:
    code = """
import http.server, os, threading, urllib.request

class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the app")

    def log_message(self, *_):
        pass

proxy = urllib.request.ProxyHandler({"http": os.environ["HTTPS_PROXY"]})
app = http.server.HTTPServer(("127.0.0.1", int(os.environ["APP_PORT"])), App)
threading.Thread(target=app.serve_forever, daemon=True).start()
print(urllib.request.build_opener(proxy).open("http://app.example.test/").read().decode())
"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = ended(
        *("--domain", "your-org.okta.com", "--map", f"app.example.test:80=127.0.0.1:{port}"),
        *("--", sys.executable, "-c", code),
        environment=environment | {"APP_PORT": str(port)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "the app\n", "")


@pytest.mark.process
def test_it_says_who_else_can_reach_the_org(environment: dict[str, str]) -> None:
    everywhere = ("--host", "0.0.0.0", "--", sys.executable, "-c", "pass")  # noqa: S104 -- asked for
    done = ended(*everywhere, environment=environment)
    assert done.returncode == 0
    assert "every address of this machine (0.0.0.0)" in done.stderr

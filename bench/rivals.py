"""Other mock servers, from npm and PyPI, each under a load that it answers, and ours beside it."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.loads import Load, client_credentials, code_flow
from bench.org_process import free_port, org_process, serving
from bench.under_load import Rate, measured
from bench.wire import Connection, request_bytes

__all__ = ["flow_rates", "token_rates"]

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Rival:
    """A package of npm; `options` come before the port, `path` is where it gives tokens."""

    package: str
    options: tuple[str, ...]
    path: str
    authorization: str = ""


RIVALS = (
    Rival(package="oauth2-mock-server@9.3.0", options=("-a", "localhost", "-p"), path="/token"),
    Rival(  # its access tokens are not signed
        package="emulate@0.12.2",
        options=("start", "--service", "okta", "--port"),
        path="/oauth2/default/v1/token",
        authorization="Basic " + b64encode(b"okta-test-client:okta-test-secret").decode(),
    ),
)
_OF_CODES = "oidc-provider-mock==0.3.4"
"""From PyPI; it has no grant for clients alone. Its access tokens are not signed."""
_CALLBACK = {"client_id": "bench", "redirect_uri": "http://localhost:8080/callback"}
_MOST_ROUNDS = 600
"""In a slice: one of them answers 5,000 requests an hour, and no more."""


def token_rates(cores: Sequence[int], options: argparse.Namespace) -> Mapping[str, Rate]:
    """Return the rate of tokens for a client by server, ours first; only ours without npm."""
    seconds, connections = options.seconds, options.connections
    with org_process(cores) as org:
        found = {"mock_okta": measured(org, client_credentials(org), seconds, connections)}
    npm = shutil.which("npm")
    if npm is None:
        print("no npm: no other server is measured", file=sys.stderr)
        return found
    with tempfile.TemporaryDirectory() as folder:
        for rival in RIVALS:
            command = _installed(npm, rival.package, Path(folder))
            try:
                started = (command, *rival.options)
                found[rival.package] = _rate(started, _load(rival), cores, options)
            except RuntimeError as error:  # it may need a newer Node.js
                print(f"{rival.package} is not measured: {error}", file=sys.stderr)
    return found


def flow_rates(cores: Sequence[int], options: argparse.Namespace) -> Mapping[str, Rate]:
    """Return the rate of code flows by server, ours first."""
    with org_process(cores) as org:
        ours = measured(org, code_flow(org), options.seconds, options.connections)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run((sys.executable, "-m", "venv", folder), check=True)  # noqa: S603 -- Python's
        python = str(Path(folder) / "bin" / "python")
        subprocess.run((python, "-m", "pip", "install", "-q", _OF_CODES), check=True)  # noqa: S603 -- named here
        started = (python, "-W", "ignore", "-m", "oidc_provider_mock", "--port")
        return {
            "mock_okta": ours,
            _OF_CODES: _rate(started, Load(_OF_CODES, 1, _flow), cores, options),
        }


async def _flow(connection: Connection) -> Sequence[str]:
    query = {**_CALLBACK, "response_type": "code", "scope": "openid profile email"}
    path, form = f"/oauth2/authorize?{urlencode(query)}", b"sub=jane%40example.com"
    answer = await connection.send(request_bytes("POST", path, form, content_type=_FORM), 302)
    code = parse_qs(urlsplit(answer.location).query)["code"][0]
    grant = {**_CALLBACK, "grant_type": "authorization_code", "client_secret": "-", "code": code}
    form = urlencode(grant).encode()
    answer = await connection.send(request_bytes("POST", "/oauth2/token", form, content_type=_FORM))
    return (json.loads(answer.body)["id_token"],)


def _rate(
    command: Sequence[str], load: Load, cores: Sequence[int], options: argparse.Namespace
) -> Rate:
    port = free_port()
    with serving((*command, str(port)), port, cores) as server:
        return measured(
            server,
            load,
            options.seconds,
            options.connections,
            most_rounds=_MOST_ROUNDS,
            verifies=False,
        )


def _installed(npm: str, package: str, folder: Path) -> str:
    """Install the package there; return the command that runs it."""
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    command = (npm, "install", *quiet, "--prefix", str(folder), package)
    subprocess.run(command, check=True)  # noqa: S603 -- a package that is named here
    return str(folder / "node_modules" / ".bin" / package.partition("@")[0])


def _load(rival: Rival) -> Load:
    request = request_bytes(
        "POST",
        rival.path,
        b"grant_type=client_credentials&scope=messages.read",
        content_type=_FORM,
        authorization=rival.authorization,
    )

    async def once(connection: Connection) -> Sequence[str]:
        answer = await connection.send(request)
        return (json.loads(answer.body)["access_token"],)

    return Load(rival.package, 1, once)

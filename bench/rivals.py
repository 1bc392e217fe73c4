"""Other mock servers, from npm, under the one load that all of them answer: a client's token."""

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

from bench.loads import Load, client_credentials
from bench.org_process import free_port, org_process, serving
from bench.under_load import Rate, measured
from bench.wire import Connection, request_bytes

__all__ = ["token_rates"]

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
_MOST_ROUNDS = 600
"""In a slice: one of them answers 5,000 requests an hour, and no more."""


def token_rates(cores: Sequence[int], options: argparse.Namespace) -> Mapping[str, Rate]:
    """Return the rate of each server by its name, ours first; only ours if there is no npm."""
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
                found[rival.package] = _rate(rival, command, cores, options)
            except RuntimeError as error:  # it may need a newer Node.js
                print(f"{rival.package} is not measured: {error}", file=sys.stderr)
    return found


def _rate(rival: Rival, command: str, cores: Sequence[int], options: argparse.Namespace) -> Rate:
    port = free_port()
    with serving((command, *rival.options, str(port)), port, cores) as server:
        return measured(
            server,
            _load(rival),
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

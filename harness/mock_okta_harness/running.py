"""Starts orgs and demo apps, and describes running ones.

Only this module and the recorder's `own_org` start orgs, so only these import the server, when they
do so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mock_okta_harness.builders import an_app
from mock_okta_harness.control import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mock_okta import Config, KeyPool, MockOkta
    from mock_okta_harness.builders import AppBuilder

DEMO_CLIENT_ID = "0oa1demo0000000000h7"
DEMO_PATHS = ("/", "/v2", "/v5", "/v7")
_START_WITHIN_SECONDS = 20.0
_STOP_WITHIN_SECONDS = 5.0


class CannotStartError(Exception):
    """An org or an app did not start; the message says why."""


@dataclass(frozen=True)
class Certificate:
    """A server certificate and its key, as PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class RunningOrg:
    """An org that serves at `url`; `ca_file` is its CA if it serves https.

    `certificate`: a certificate from that CA for other servers on this machine, if this process
    started the org. `token`: its control token, if it has one. For an org with a name such as
    `your-org.okta.com`, `local_url` is the URL for programs on this machine, and `routes` are the
    names for which a browser must connect to it. `config`: the plugin's config for it, if the
    plugin started it.
    """

    url: str
    ca_file: Path | None = None
    certificate: Certificate | None = None
    token: str | None = field(default=None, repr=False)
    local_url: str | None = None
    routes: Mapping[str, str] = field(default_factory=dict)
    config: Config | None = field(default=None, repr=False)

    @cached_property
    def control(self) -> Control:
        """The org's control API."""
        return Control(self.local_url or self.url, self.ca_file, self.token)

    def issuer(self, authorization_server: str = "default") -> str:
        """Return the issuer of an authorization server; `org` is the org authorization server."""
        if authorization_server == "org":
            return self.url
        return f"{self.url}/oauth2/{authorization_server}"

    @property
    def widget_url(self) -> str:
        """The URL of the widget's releases, without the version."""
        return f"{self.url}/okta-signin-widget"


@dataclass(frozen=True)
class DemoApp:
    """The demo app's addresses for a browser on this machine: its page and its API."""

    url: str
    api_url: str

    def as_client(self) -> AppBuilder:
        """Return the app as a client for the org's seed."""
        pages = [f"{self.url}{path}" for path in DEMO_PATHS]
        app = an_app("Demo app").spa().with_client_id(DEMO_CLIENT_ID).at(self.url)
        app = app.granted("authorization_code", "implicit", "refresh_token", "interaction_code")
        return app.redirecting_to(*pages).signing_out_to(self.url, *pages)


def in_memory_by_default(config: Config) -> Config:
    """Return the settings of an org for tests: a folder for its keys does not make its state last.

    Tests that run at the same time may share such a folder.
    """
    return replace(config, storage=config.storage or "memory")


@contextmanager
def org_in_a_thread(
    config: Config, key_pool: KeyPool | None = None, app_names: Sequence[str] = ()
) -> Iterator[RunningOrg]:
    """Run an org in its own thread; many orgs can share a `key_pool`.

    The org is in memory unless `config` names a storage, also if it has a `state_dir`. The
    `certificate` of an org that serves https is valid for localhost and `app_names`.
    """
    config = in_memory_by_default(config)
    with ExitStack() as stack:
        if not config.tls:
            org = _started(stack, config, key_pool)
            yield RunningOrg(
                org.url, token=config.control_token, local_url=org.local_url, routes=org.routes
            )
            return
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mock-okta-org-")))
        # The CA must be in a known folder, so that the app can get a certificate from it.
        state_dir = config.state_dir or folder
        org = _started(stack, replace(config, state_dir=state_dir), key_pool)
        certificate = _issue_certificate(state_dir, folder, app_names)
        yield RunningOrg(
            org.url,
            org.ca_path,
            certificate,
            config.control_token,
            local_url=org.local_url,
            routes=org.routes,
        )


@contextmanager
def demo_app_process(org: RunningOrg, port: int = 0, api_port: int = 0) -> Iterator[DemoApp]:
    """Run the demo app in another process; port 0 takes a free one.

    Its page of widget 7.49.0 signs in by the org's engine, unless the variable `ENGINE` names one.
    Then add it to the org: `org.control.seed(app.as_client())`.
    """
    with TemporaryDirectory(prefix="mock-okta-demo-app-") as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "mock_okta_demo"],
                env={
                    "ENGINE": org.control.org().engine,
                    **os.environ,
                    **_demo_app_settings(org, port, api_port),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield _wait_until_it_serves(process, log)
        finally:
            _stop(process)


def _started(stack: ExitStack, config: Config, key_pool: KeyPool | None) -> MockOkta:
    from mock_okta import MockOkta, StartError  # noqa: PLC0415 -- only here is an org started

    try:
        return stack.enter_context(MockOkta(config, key_pool=key_pool))
    except StartError as reason:
        raise CannotStartError(f"The org did not start: {reason}") from reason


def _issue_certificate(state_dir: Path, folder: Path, names: Sequence[str]) -> Certificate:
    from mock_okta.process.tls import Authority  # noqa: PLC0415 -- only what starts an org imports the server

    leaf = Authority.load_or_create(state_dir).issue(names)
    issued = Certificate(folder / "app.pem", folder / "app-key.pem")
    issued.certificate.write_bytes(leaf.certificate_chain_pem)
    issued.key.write_bytes(leaf.private_key_pem)
    return issued


def _demo_app_settings(org: RunningOrg, port: int, api_port: int) -> dict[str, str]:
    settings = {
        "ISSUER": org.issuer(),
        "CLIENT_ID": DEMO_CLIENT_ID,
        "WIDGET_URL": org.widget_url,
        "PORT": str(port),
        "API_PORT": str(api_port),
        "PYTHONUNBUFFERED": "1",
    }
    if org.ca_file:
        settings["CA_FILE"] = str(org.ca_file)
    if org.certificate:
        settings["TLS_CERT"] = str(org.certificate.certificate)
        settings["TLS_KEY"] = str(org.certificate.key)
    return settings


def _wait_until_it_serves(process: subprocess.Popen[bytes], log: Path) -> DemoApp:
    deadline = time.monotonic() + _START_WITHIN_SECONDS
    while (app := _announced(log)) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text("utf-8", "replace").strip()[-2000:]
            raise CannotStartError(f"The demo app did not start. Its output:\n{said}")
        time.sleep(0.02)
    return app


def _announced(log: Path) -> DemoApp | None:
    """Read the app's addresses from its output: lines `page …`, and last a line `api …`."""
    said = log.read_text("utf-8", "replace")
    page = re.search(r"^page (\S+)/ ", said, re.MULTILINE)
    api = re.search(r"^api (\S+)/api/messages$", said, re.MULTILINE)
    return DemoApp(page[1], api[1]) if page and api else None


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_WITHIN_SECONDS)
        return
    process.kill()
    process.wait()

"""Orgs and demo apps that run: starting them, and what a test or a driver needs to know of them.

Beside the recorder's `own_org` the only module of the harness that starts an org, and so the only
one that imports `mock_okta`, when it does so.
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
    """What was to be started did not come up; the message says why."""


@dataclass(frozen=True)
class Certificate:
    """A server certificate and its key, as PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class RunningOrg:
    """An org that serves at `url`; `ca_file` is its CA when it serves https.

    `certificate` is a leaf of that CA for other servers on this machine, where the org is ours to
    ask for one. `token`: its control token, if it has one. `local_url`: where programs reach it
    that do not know `url`, and `routes` what a browser has to take for it, where the org has a name
    such as `your-org.okta.com`. `config`: what the plugin started it with, if it did.
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
        """Give the issuer of an authorization server; `org` is the org's own."""
        if authorization_server == "org":
            return self.url
        return f"{self.url}/oauth2/{authorization_server}"

    @property
    def widget_url(self) -> str:
        """Where the widget's releases are, up to before the version."""
        return f"{self.url}/okta-signin-widget"


@dataclass(frozen=True)
class DemoApp:
    """The demo app's addresses: its page and its API, as a browser of this machine reaches them."""

    url: str
    api_url: str

    def as_client(self) -> AppBuilder:
        """Give the app as the org has to know it."""
        pages = [f"{self.url}{path}" for path in DEMO_PATHS]
        app = an_app("Demo app").spa().with_client_id(DEMO_CLIENT_ID).at(self.url)
        app = app.granted("authorization_code", "implicit", "refresh_token", "interaction_code")
        return app.redirecting_to(*pages).signing_out_to(self.url, *pages)


@contextmanager
def org_in_a_thread(
    config: Config, key_pool: KeyPool | None = None, app_names: Sequence[str] = ()
) -> Iterator[RunningOrg]:
    """Run an org in a thread of its own; `key_pool` may be shared by many orgs.

    The `certificate` of an org that serves https is for localhost and `app_names`.
    """
    with ExitStack() as stack:
        if not config.tls:
            org = _started(stack, config, key_pool)
            yield RunningOrg(
                org.url, token=config.control_token, local_url=org.local_url, routes=org.routes
            )
            return
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mock-okta-org-")))
        # The CA has to be in a place that we know, for the app beside the org to have a leaf of it.
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
    """Run the demo app in a process of its own; port 0 takes a free one.

    The org does not know the app yet: `org.control.seed(app.as_client())`.
    """
    with TemporaryDirectory(prefix="mock-okta-demo-app-") as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "mock_okta_demo"],
                env={**os.environ, **_demo_app_settings(org, port, api_port)},
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
        raise CannotStartError(f"The org did not come up: {reason}") from reason


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
            raise CannotStartError(f"The demo app did not come up. It said:\n{said}")
        time.sleep(0.02)
    return app


def _announced(log: Path) -> DemoApp | None:
    """Read where the app says that it serves: lines `page …`, and last a line `api …`."""
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

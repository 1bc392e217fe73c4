"""Runs a command with an org: its environment, the signals that reach it, its exit status."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.clients import Client, ClientType
from mock_okta.process.java import OPTIONS, joined, proxy_options, trust_options, trust_store
from mock_okta.process.proxy import Proxy
from mock_okta.process.server import MockOkta
from mock_okta.process.trust import bundle_with_system, environment, java_store_beside

__all__ = [
    "ChildCommand",
    "CommandNotFound",
    "UnknownClient",
    "child_command",
    "environment_for",
    "proxy_for",
]

T = TypeVar("T")

# curl, Python, Go and .NET read one of them; Node.js does from 22.21 and 24.5 on, for fetch and
# http(s).
_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy")
# This replaces the user's exceptions: if the org's name were one of them, real Okta would get the
# requests.
_NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1")


class CommandNotFound(Exception):
    """The command was not found; the message is one line."""


class UnknownClient(ValueError):
    """The org has no such client; the message is one line."""


def environment_for(
    org: MockOkta,
    client_id: str | None,
    given: Mapping[str, str],
    folder: Path,
    proxy: str | None = None,
) -> Mapping[str, str]:
    """Return `given` with the variables of this org, and of its `proxy` (a URL).

    Variables without a value in this org, such as the secret of a public client, are removed, so
    that values of a real org do not mix in. A bundle of CAs and a trust store are written to
    `folder`. Raises UnknownClient.
    """
    variables = _variables(org, client_id)
    known = {name: value for names, value in variables.items() if value for name in names}
    java: tuple[str, ...] = ()
    if org.config.tls:
        bundle = folder / "ca-bundle.pem"
        store, certificate = java_store_beside(bundle), org.ca_path.read_bytes()
        bundle.write_bytes(bundle_with_system(certificate))
        store.write_bytes(trust_store(certificate, bundle.read_bytes(), given))
        known |= environment(bundle)
        java += trust_options(store)
    if proxy is not None:
        known |= dict.fromkeys(_PROXY_VARIABLES, proxy) | _NO_PROXY | {"NODE_USE_ENV_PROXY": "1"}
        java += proxy_options(proxy)
    if java:
        known[OPTIONS] = joined(java, given.get(OPTIONS, ""))
    ours = {name for names in variables for name in names}
    return {name: value for name, value in given.items() if name not in ours} | known


@contextmanager
def proxy_for(
    org: MockOkta, *, routes: Mapping[str, str], pass_others: bool
) -> Iterator[str | None]:
    """Yield the URL of a proxy if the org has another name than this machine's, else None.

    `routes`: more names for the proxy, and the addresses that it connects to.
    """
    if org.config.public_url is None:
        yield None
        return
    with Proxy(org, routes=routes, pass_others=pass_others) as proxy:
        yield proxy.url


def _variables(org: MockOkta, client_id: str | None) -> Mapping[tuple[str, ...], str | None]:
    """Return the variables that Okta's SDKs, samples and our harness read, with their values."""
    seed = org.seed.seed
    client = _chosen(org.clients, client_id)
    server, user = _first(seed.authorization_servers), _first(seed.users)
    token = _first(seed.api_tokens)
    issuer = org.issuer(server.id if server else ORG_SERVER)
    secret = client.client_secret if client else None
    return {
        ("MOCK_OKTA_URL",): org.local_url,
        ("MOCK_OKTA_PUBLIC_URL", "OKTA_ORG_URL", "OKTA_CLIENT_ORGURL"): org.url,
        ("MOCK_OKTA_TOKEN",): org.config.control_token,
        ("MOCK_OKTA_CA_FILE",): str(org.ca_path) if org.config.tls else None,
        ("ISSUER", "OKTA_ISSUER", "OKTA_OAUTH2_ISSUER"): issuer,
        ("OKTA_OAUTH2_AUDIENCE",): server.audiences[0] if server else None,
        (
            "CLIENT_ID",
            "OKTA_CLIENT_ID",
            "OKTA_CLIENT_CLIENTID",
            "OKTA_OAUTH2_CLIENT_ID",
        ): client.client_id if client else None,
        ("CLIENT_SECRET", "OKTA_CLIENT_SECRET", "OKTA_OAUTH2_CLIENT_SECRET"): secret,
        ("SPA_CLIENT_ID",): _id_of_first(org.clients, ClientType.SPA),
        ("WEB_CLIENT_ID",): _id_of_first(org.clients, ClientType.WEB),
        ("OKTA_USERNAME",): user.login if user else None,
        ("OKTA_PASSWORD",): user.password if user else None,
        ("OKTA_CLIENT_TOKEN",): token.token if token else None,
    }


def _chosen(clients: Sequence[Client], client_id: str | None) -> Client | None:
    """Return the client with that id or name; without either, the first."""
    if client_id is None:
        return _first(clients)
    for client in clients:
        if client_id in (client.client_id, client.name):
            return client
    known = ", ".join(client.client_id for client in clients) or "none"
    raise UnknownClient(f"the org has no client {client_id!r}, its clients are: {known}")


def _id_of_first(clients: Sequence[Client], kind: ClientType) -> str | None:
    return next((client.client_id for client in clients if client.type is kind), None)


def _first(items: Iterable[T]) -> T | None:
    return next(iter(items), None)


class ChildCommand:
    """Runs one command and passes signals on to it, also signals from before its start."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def pass_on(self, number: int, _: FrameType | None) -> None:
        """Pass a signal on, except Ctrl-C from a terminal, which the command gets by itself."""
        if self._process is None:
            self._early.append(number)
        elif number != signal.SIGINT or not _is_in_foreground():
            self._process.send_signal(number)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run to the end; return the exit status, 128 and the signal's number for a signal.

        Raises CommandNotFound.
        """
        path = shutil.which(command[0], path=environment.get("PATH"))
        if path is None:
            raise CommandNotFound(f"{command[0]}: not found, or not executable")
        if self._early:
            return 128 + self._early[0]
        try:
            self._process = subprocess.Popen([path, *command[1:]], env=environment)  # noqa: S603 -- asked for
        except OSError as error:
            raise CommandNotFound(f"{command[0]}: {error.strerror}") from error
        for number in self._early:
            self._process.send_signal(number)
        status = _ended(self._process)
        return status if status >= 0 else 128 - status


@contextmanager
def child_command() -> Iterator[ChildCommand]:
    """Yield a command that gets SIGINT, SIGTERM and SIGHUP, unless they are already ignored."""
    child, before = ChildCommand(), {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, child.pass_on)
    try:
        yield child
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end in a way that every signal interrupts.

    The kernel may deliver a signal to the org's thread while this thread sleeps in `wait`, and not
    wake it. Python writes a byte to the wake-up descriptor, and its handlers run when that is read.
    """
    waking, waker = socket.socketpair()
    with waking, waker:
        waker.setblocking(False)  # noqa: FBT003 -- its only form
        before = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)

        def wait() -> None:
            process.wait()
            waker.send(b"\0")

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        while process.poll() is None:
            waking.recv(64)
        waiting.join()
        signal.set_wakeup_fd(before)
    return int(process.returncode)


def _is_in_foreground() -> bool:
    """Whether a terminal sends Ctrl-C to our process group, and so to the command too."""
    if os.name == "nt":
        return True
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)

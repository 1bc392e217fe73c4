"""Listening sockets, made before the org, because its URL needs the port."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from errno import EADDRINUSE

__all__ = ["BACKLOG", "PortTaken", "Sockets", "StartError", "stop_accepting"]

BACKLOG = 1024
"""How many connections may wait to be accepted; asyncio sets it again when it serves."""
_LOOPBACK_PAIR = {"127.0.0.1": "::1"}
_TRIES_FOR_A_FREE_PORT = 20
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- not listened on here
_TURNS_TO_ACCEPT = 10


class StartError(Exception):
    """The org could not start; the message is one line."""


class PortTaken(StartError):
    """Another program uses the port."""


class Sockets(ExitStack):
    """Listening sockets on one port; for a loopback address, on both IPv4 and IPv6.

    For a client `localhost` can be either; if another program used the other one, some clients
    would talk to that program. `shared`: other processes of this user may listen there too.
    """

    def __init__(self, host: str, port: int, *, shared: bool = False) -> None:
        super().__init__()
        if not 0 <= port <= 65535:  # getaddrinfo would use the port modulo 65536
            raise StartError(f"port: expected 0 to 65535, not {port}")
        self._sockets: list[socket.socket] = []
        self._shared = shared
        for _ in range(_TRIES_FOR_A_FREE_PORT if port == 0 else 1):
            try:
                self._bind(host, port)
            except PortTaken:
                if port != 0:
                    raise
                self._close()
            else:
                self.callback(self._close)
                return
        raise StartError(f"no port of {host} is free on both IPv4 and IPv6")

    @property
    def port(self) -> int:
        """The port of all sockets."""
        port: int = self._sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """The address for programs on this machine: `127.0.0.1:8700`, `[::1]:8700`."""
        host, port, *_ = self._sockets[0].getsockname()
        host = _EVERY_ADDRESS.get(host, host)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def detached(self) -> Sequence[socket.socket]:
        """Return the sockets."""
        return tuple(self._sockets)

    def _bind(self, host: str, port: int) -> None:
        self._sockets.append(_listening(host, port, shared=self._shared))
        pair = _LOOPBACK_PAIR.get(host)
        if pair is not None and _has_ipv6():
            try:
                self._sockets.append(_listening(pair, self.port, shared=self._shared))
            except PortTaken:
                self._close()
                raise

    def _close(self) -> None:
        while self._sockets:
            self._sockets.pop().close()


async def stop_accepting(sockets: Sequence[socket.socket]) -> None:
    """Accept no more connections; let those just accepted reach the server, which closes them.

    asyncio needs a few turns of the loop to make a transport of an accepted socket, and loses the
    socket if its server is closed meanwhile (CPython issue 109564).
    """
    loop = asyncio.get_running_loop()
    for listener in sockets:
        with suppress(NotImplementedError):  # Windows has no readers to remove
            loop.remove_reader(listener)
    for _ in range(_TURNS_TO_ACCEPT):
        await asyncio.sleep(0)


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _way_out(error: OSError) -> str:
    return ": choose another port, 0 takes a free one" if error.errno == EADDRINUSE else ""


def _listening(host: str, port: int, *, shared: bool) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise StartError(f"{host} is not an address of this machine: {error.strerror}") from error
    except UnicodeError as error:  # a label of the name is empty or too long
        raise StartError(f"{host} is not an address of this machine: {error}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_REUSEPORT"):  # on POSIX, where REUSEADDR does not steal a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"cannot listen on port {port} of {host}: {error.strerror}{_way_out(error)}"
        ) from error
    return listener

"""Requests that proxies forward: who sent them, and to which name."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any, Self

from aiohttp import hdrs, web
from msgspec import Struct

__all__ = ["Proxies"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class _Hop(Struct, frozen=True, kw_only=True):
    """What one proxy says: who connected to it, for which host, by http or https."""

    client: str
    host: str | None = None
    scheme: str | None = None


class Proxies(Struct, frozen=True):
    """The proxies that are trusted.

    What they say replaces the client's address, the Host header's name and the scheme of a request.
    From anybody else it is ignored: every client can send these headers. The org's own URLs never
    come from a request, so `X-Forwarded-Port` says nothing that we need.
    """

    networks: tuple[_Network, ...] = ()

    @classmethod
    def of(cls, given: Iterable[str]) -> Self:
        """Return those at these addresses and in these networks; raise ValueError."""
        return cls(tuple([ipaddress.ip_network(each, strict=False) for each in given]))

    def as_sent(self, request: web.Request) -> web.Request:
        """Return the request as the first proxy got it, as far as trusted proxies say so."""
        if not self.networks or not self._is_trusted(request.remote or ""):
            return request
        said = self._hop(_x_forwarded(request) or _forwarded(request))
        if said is None:
            return request
        changed = {"remote": said.client, "host": said.host, "scheme": said.scheme}
        given: dict[str, Any] = {name: value for name, value in changed.items() if value}
        return request.clone(**given)

    def _hop(self, hops: Sequence[_Hop]) -> _Hop | None:
        """Return what the first trusted proxy says; each adds its own words at the end."""
        found = None
        for found in reversed(hops):
            if not self._is_trusted(found.client):
                break
        return found

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.networks)


def _x_forwarded(request: web.Request) -> Sequence[_Hop]:
    """Return the hops of `X-Forwarded-*`; a proxy may send one host for all of them."""
    clients, hosts, schemes = (
        _words(request.headers.getall(f"X-Forwarded-{name}", ()))
        for name in ("For", "Host", "Proto")
    )
    length = max(len(clients), len(hosts) and 1, len(schemes) and 1)
    return [
        _Hop(
            client=_address(_from_the_end(clients, order) or ""),
            host=_from_the_end(hosts, order),
            scheme=_from_the_end(schemes, order),
        )
        for order in range(length, 0, -1)
    ]


def _forwarded(request: web.Request) -> Sequence[_Hop]:
    """Return the hops of `Forwarded` (RFC 7239 4)."""
    hops = []
    for element in _words(request.headers.getall(hdrs.FORWARDED, ())):
        pairs = (pair.partition("=") for pair in element.split(";"))
        said = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
        client = _address(said.get("for", ""))
        hops.append(_Hop(client=client, host=said.get("host"), scheme=said.get("proto")))
    return hops


def _words(values: Iterable[str]) -> Sequence[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _from_the_end(words: Sequence[str], order: int) -> str | None:
    """Return the word with that number from the end; the first, if there are not so many."""
    return words[max(-order, -len(words))] if words else None


def _address(node: str) -> str:
    """Return the address without the port: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node

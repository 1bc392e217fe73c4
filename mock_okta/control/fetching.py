"""One HTTP request, with only the standard library and without a proxy: orgs are nearby."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

__all__ = [
    "fetch",
    "fetch_with_headers",
]

_PATIENCE_SECONDS = 10.0


def fetch(
    url: str,
    ca_file: str | PathLike[str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
    *,
    token: str | None = None,
) -> tuple[int, bytes]:
    """Send a request with a JSON body; return the answer's status and body.

    `token` is sent as a bearer token. Trusts `ca_file`, or the machine's CAs. Raises `OSError` or
    `http.client.HTTPException` if no answer comes.
    """
    headers = {} if body is None else {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    status, _, content = fetch_with_headers(url, ca_file, method, body, headers=headers)
    return status, content


def fetch_with_headers(
    url: str,
    ca_file: str | PathLike[str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Do the same as `fetch` with these headers; return the answer's headers too.

    Redirects are not followed.
    """
    connection = _connection(url, ca_file)
    address = urlsplit(url)
    target = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    try:
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def _connection(url: str, ca_file: str | PathLike[str] | None) -> http.client.HTTPConnection:
    address = urlsplit(url)
    host = address.hostname or ""
    if address.scheme != "https":
        return http.client.HTTPConnection(host, address.port, timeout=_PATIENCE_SECONDS)
    trust = ssl.create_default_context(cafile=ca_file)
    return http.client.HTTPSConnection(host, address.port, timeout=_PATIENCE_SECONDS, context=trust)

"""Asks an org from outside, as its clients do."""

import json
import socket
import ssl
import urllib.request
from urllib.parse import urlsplit

DISCOVERY = "/oauth2/default/.well-known/openid-configuration"
PATIENCE = 60


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def got(url: str, trust: ssl.SSLContext | None = None) -> object:
    with urllib.request.urlopen(url, context=trust, timeout=PATIENCE) as answer:  # noqa: S310 -- ours
        return json.load(answer)


def connects(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True

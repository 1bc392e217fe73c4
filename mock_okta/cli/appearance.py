"""How the greeting of `serve` looks: in colour with links on a terminal, plain elsewhere."""

import os
import re
import sys
from typing import Any

import click
import msgspec

import mock_okta
from mock_okta.model.seed import SeedSummary
from mock_okta.process.server import MockOkta

__all__ = ["facts_as_json", "is_terminal", "painted", "redirects_of", "users_of"]

_URL = re.compile(r"https?://[^\s()*]+")
_HEADINGS = ("Issuers", "Clients", "Users")
_MOST_SHOWN = 3
_MOST_USERS = 10


def is_terminal() -> bool:
    """Return whether a person reads what is printed, and can answer."""
    return sys.stdout.isatty() and sys.stdin.isatty()


def painted(greeting: str) -> str:
    """Return the greeting for where it is printed; NO_COLOR (no-color.org) keeps it plain."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if is_plain or not sys.stdout.isatty():
        return greeting
    return "\n".join(map(_painted_line, greeting.split("\n")))


def redirects_of(uris: tuple[str, ...]) -> list[str]:
    """Return the lines that name a client's login redirect URIs: the first ones, and how many."""
    lines = [f"    redirects to {uri}" for uri in uris[:_MOST_SHOWN]]
    more = len(uris) - _MOST_SHOWN
    return [*lines, f"    and to {more} more"] if more > 0 else lines


def users_of(seed: SeedSummary) -> list[str]:
    """Return the lines that name the first users and their passwords, and how many there are."""
    shown = seed.seed.users[:_MOST_USERS]
    lines = [f"  {user.login}  password {user.password}" for user in shown] or ["  none"]
    more = seed.user_count - len(shown)
    return [*lines, f"  and {more} more"] if more else lines


def facts_as_json(org: MockOkta) -> str:
    """Return what the greeting says, for programs: one line of JSON."""
    seed = org.seed.seed
    servers = [server.id for server in seed.authorization_servers]
    facts: dict[str, Any] = {
        "version": mock_okta.__version__,
        "url": org.url,
        "urls": org.config.urls(org.url),
        "issuers": {server: org.issuer(server) for server in (*servers, "org")},
        "clients": [
            {
                "client_id": client.client_id,
                "name": client.name,
                "type": client.type.value,
                "client_secret": client.client_secret,
                "login_redirect_uris": client.login_redirect_uris,
            }
            for client in org.clients
        ],
        "users": [{"login": user.login, "password": user.password} for user in seed.users],
        "user_count": org.seed.user_count,
        "ca_file": str(org.ca_path) if org.config.tls else None,
    }
    return msgspec.json.encode(facts).decode()


def _painted_line(line: str) -> str:
    if line.startswith("Listens on ") or " is not installed" in line:
        return click.style(line, fg="yellow")
    if line in _HEADINGS:
        return click.style(line, bold=True)
    return _URL.sub(lambda url: _link(url[0]), line)


def _link(url: str) -> str:
    """Return a hyperlink (OSC 8), which terminals that do not know it show as the text."""
    return f"\x1b]8;;{url}\x1b\\{click.style(url, fg='cyan')}\x1b]8;;\x1b\\"

"""A user's session as cookies, for a Playwright context to start with."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import urlencode, urlsplit

from mock_okta.control.fetching import fetch, fetch_with_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_okta_harness.running import RunningOrg

__all__ = ["CannotSignInError", "StorageState", "signed_in_state"]

_FOUND = 302


class StorageState(TypedDict):
    """The argument of Playwright's `new_context(storage_state=…)`."""

    cookies: list[dict[str, Any]]
    origins: list[dict[str, Any]]


class CannotSignInError(Exception):
    """The org refuses the password or asks for more; the message says what."""


def signed_in_state(org: RunningOrg, login: str, password: str) -> StorageState:
    """Sign a user in over HTTP, without a browser, and return the cookies of the new session."""
    token = _session_token(org, login, password)
    query = urlencode({"token": token, "redirectUrl": org.url})
    url = f"{org.local_url or org.url}/login/sessionCookieRedirect?{query}"
    status, headers, answer = fetch_with_headers(url, org.ca_file)
    if status != _FOUND:
        raise CannotSignInError(f"No session for {login}: {status} {answer.decode()[:200]}")
    return {"cookies": list(_cookies(org.url, headers.get_all("Set-Cookie", ()))), "origins": []}


def _session_token(org: RunningOrg, login: str, password: str) -> str:
    body = json.dumps({"username": login, "password": password}).encode()
    url = f"{org.local_url or org.url}/api/v1/authn"
    status, answer = fetch(url, org.ca_file, "POST", body)
    facts = json.loads(answer)
    if "sessionToken" not in facts:
        told = facts.get("status") or f"{status} {facts.get('errorSummary', '')}"
        raise CannotSignInError(
            f"{login} cannot sign in with only a password ({told}): "
            "sign in on the page, and save the context's storage_state()."
        )
    return str(facts["sessionToken"])


def _cookies(org_url: str, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value:
                yield {
                    "name": name,
                    "value": morsel.value,
                    "domain": morsel["domain"] or urlsplit(org_url).hostname,
                    "path": morsel["path"] or "/",
                    "expires": -1,
                    "httpOnly": bool(morsel["httponly"]),
                    "secure": bool(morsel["secure"]),
                    "sameSite": _same_site(morsel["samesite"]),
                }


def _same_site(word: str) -> Literal["Strict", "Lax", "None"]:
    match word.lower():
        case "none":
            return "None"
        case "strict":
            return "Strict"
        case _:
            return "Lax"

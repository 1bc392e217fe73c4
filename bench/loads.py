"""What clients send to an org: each load is one round of requests, and the tokens from it."""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, repeat
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.org_process import OrgProcess
from bench.wire import Connection, request_bytes
from mock_okta import MockOkta
from mock_okta.model.seed import default_seed

__all__ = [
    "Load",
    "client_credentials",
    "code_flow",
    "code_flow_of_many",
    "discovery",
    "first_token",
    "identity_flow",
    "keys",
    "offline_flow",
]

_FORM = "application/x-www-form-urlencoded"
_SERVER = "/oauth2/default"
_KEYS = request_bytes("GET", f"{_SERVER}/v1/keys")
_REDIRECT_URI = "http://localhost:8080/callback"
_VERIFIER = "verifier-" + 40 * "v"
_CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(_VERIFIER.encode()).digest())[:-1].decode()
_MANY = 500
_SPA = "0oa1spa00000000000h7"
_SERVICE = "0oa1svc00000000000h7"


@dataclass(frozen=True)
class Load:
    """One round; `signatures`: how many tokens it gets."""

    name: str
    signatures: int
    once: Callable[[Connection], Awaitable[Sequence[str]]]


def client_credentials(_: OrgProcess) -> Load:
    """A service gets an access token: one request."""
    request = _token_request()

    async def once(connection: Connection) -> Sequence[str]:
        answer = await connection.send(request)
        return (json.loads(answer.body)["access_token"],)

    return Load("client_credentials", 1, once)


def code_flow(_: OrgProcess) -> Load:
    """A user signs in to a single-page app: authn, authorize, token; gets two tokens."""
    return _flow("code_flow", "openid profile email")


def code_flow_of_many(org: OrgProcess) -> Load:
    """The same, of one user after the other: sign-ins of one user wait for one another."""
    users = [{"login": f"user{n}@example.com", "password": "Password-1"} for n in range(_MANY)]
    org.control("PUT", "/seed", {"users": users})
    signing_in = cycle([(each["login"], each["password"]) for each in users])
    return _flow("code_flow", "openid profile email", signing_in)


def offline_flow(_: OrgProcess) -> Load:
    """The same, with a refresh token that stays in the org."""
    return _flow("offline_flow", "openid profile email offline_access")


def _flow(name: str, scope: str, users: Iterator[tuple[str, str]] | None = None) -> Load:
    """Return a load of flows by these users, or by the one of the default seed."""
    authorize = _authorization(scope)
    (user,) = default_seed().users
    signing_in = users or repeat((user.login, user.password))

    async def once(connection: Connection) -> Sequence[str]:
        answer = await connection.send(_sign_in(*next(signing_in)))
        session_token = json.loads(answer.body)["sessionToken"]
        answer = await connection.send(authorize % session_token.encode(), 302)
        code = parse_qs(urlsplit(answer.location).query)["code"][0]
        answer = await connection.send(_redemption(code))
        tokens = json.loads(answer.body)
        return tokens["access_token"], tokens["id_token"]

    return Load(name, 2, once)


@cache
def _sign_in(login: str, password: str) -> bytes:
    body = json.dumps({"username": login, "password": password}).encode()
    return request_bytes("POST", "/api/v1/authn", body, content_type="application/json")


def identity_flow(org: OrgProcess) -> Load:
    """The same in the Identity Engine: interact, introspect, identify, redeem; two tokens."""
    org.control("PUT", "/seed", {"clients": [_interacting()]})
    (user,) = default_seed().users
    interact = request_bytes("POST", f"{_SERVER}/v1/interact", _INTERACTION, content_type=_FORM)

    async def posted(connection: Connection, path: str, body: object) -> dict[str, Any]:
        content = json.dumps(body).encode()
        request = request_bytes("POST", path, content, content_type="application/json")
        answer: dict[str, Any] = json.loads((await connection.send(request)).body)
        return answer

    async def once(connection: Connection) -> Sequence[str]:
        handle = json.loads((await connection.send(interact)).body)["interaction_handle"]
        shown = await posted(connection, "/idp/idx/introspect", {"interactionHandle": handle})
        credentials = {"passcode": user.password}
        body = {"stateHandle": shown["stateHandle"], "identifier": user.login}
        shown = await posted(connection, "/idp/idx/identify", body | {"credentials": credentials})
        fields = shown["successWithInteractionCode"]["value"]
        [code] = [each["value"] for each in fields if each["name"] == "interaction_code"]
        answer = await connection.send(_token_post(_IDENTITY_REDEMPTION + code.encode()))
        tokens = json.loads(answer.body)
        return tokens["access_token"], tokens["id_token"]

    return Load("identity_flow", 2, once)


def discovery(_: OrgProcess) -> Load:
    """A client reads the metadata."""
    request = request_bytes("GET", f"{_SERVER}/.well-known/openid-configuration")

    async def once(connection: Connection) -> Sequence[str]:
        await connection.send(request)
        return ()

    return Load("discovery", 0, once)


async def keys(connection: Connection) -> list[dict[str, str]]:
    """Return the published keys."""
    answer = await connection.send(_KEYS)
    found: list[dict[str, str]] = json.loads(answer.body)["keys"]
    return found


async def first_token(connection: Connection) -> None:
    """Get one access token."""
    await connection.send(_token_request())


def _interacting() -> dict[str, object]:
    """Return the default org's single-page app with the grant beside those that it has."""
    return {
        "name": "Single-page app",
        "type": "spa",
        "client_id": _SPA,
        "login_redirect_uris": [_REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token", "interaction_code"],
    }


@cache
def _token_request() -> bytes:
    (secret,) = (c.client_secret for c in MockOkta().clients if c.client_id == _SERVICE)
    basic = base64.b64encode(f"{_SERVICE}:{secret}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials", "scope": "messages.read"}).encode()
    return request_bytes(
        "POST",
        f"{_SERVER}/v1/token",
        form,
        content_type=_FORM,
        authorization=f"Basic {basic}",
    )


def _redemption(code: str) -> bytes:
    return _token_post(_REDEMPTION + code.encode())


def _token_post(form: bytes) -> bytes:
    return request_bytes("POST", f"{_SERVER}/v1/token", form, content_type=_FORM)


def _redemption_but(code_name: str, grant_type: str) -> bytes:
    """Return the form of a redemption, up to the code."""
    form = {
        "client_id": _SPA,
        "redirect_uri": _REDIRECT_URI,
        "grant_type": grant_type,
        "code_verifier": _VERIFIER,
    }
    return f"{urlencode(form)}&{code_name}=".encode()


_REDEMPTION = _redemption_but("code", "authorization_code")
_IDENTITY_REDEMPTION = _redemption_but("interaction_code", "interaction_code")
_INTERACTION = urlencode(
    {
        "client_id": _SPA,
        "scope": "openid profile email",
        "redirect_uri": _REDIRECT_URI,
        "code_challenge": _CHALLENGE,
        "code_challenge_method": "S256",
        "state": "state-1",
        "nonce": "nonce-1",
    }
).encode()


def _authorization(scope: str) -> bytes:
    query = urlencode(
        {
            "client_id": _SPA,
            "response_type": "code",
            "scope": scope,
            "redirect_uri": _REDIRECT_URI,
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": _CHALLENGE,
            "code_challenge_method": "S256",
        }
    ).replace("%", "%%")
    return request_bytes("GET", f"{_SERVER}/v1/authorize?{query}&sessionToken=%s")

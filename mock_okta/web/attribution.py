"""Finds who sent a request, from its contents, without verifying them."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from msgspec import Struct

from mock_okta.jose import base64url_octets
from mock_okta.model.traffic import Caller, Exchange
from mock_okta.storage import Storage

__all__ = ["Callers", "headers_of"]

_MOST_PARAMETERS = 1000
_LOGINS = ("username", "identifier")
_JWTS = ("token", "access_token", "id_token_hint", "assertion", "subject_token")


class Callers(Struct, frozen=True):
    """Finds clients by their id, and users by their login, code, token or session."""

    storage: Storage
    session_cookie: str

    async def of(self, query: str, headers: Mapping[str, str], body: bytes) -> Caller:
        """Return the sender of a current request."""
        parameters = _parameters(query, headers, body)
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        claims = [_claims(parameters[name]) for name in _JWTS if name in parameters]
        if scheme.lower() in ("bearer", "dpop"):
            claims.insert(0, _claims(credential.strip()))
        return Caller(
            client_id=_client_id(parameters, scheme, credential, claims),
            login=await self._login(parameters, headers, claims),
        )

    async def of_exchange(self, exchange: Exchange) -> Caller:
        """Return the sender of an answered request; the answer may name the user too."""
        sent = await self.of(exchange.query, headers_of(exchange.headers), exchange.body)
        answer = _object(exchange.response_body)
        claims = [
            _claims(answer[name])
            for name in ("access_token", "id_token")
            if isinstance(answer.get(name), str)
        ]
        known = None if exchange.user_id is None else await self._login_of(exchange.user_id)
        return Caller(
            client_id=sent.client_id or _claimed_client(claims),
            login=known or sent.login or _embedded_login(answer) or await self._claimed(claims),
        )

    async def _login(
        self,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        claims: Iterable[Mapping[str, Any]],
    ) -> str | None:
        for name in _LOGINS:
            if parameters.get(name):
                return parameters[name]
        user_id = await self._user_id(parameters, headers)
        login = None if user_id is None else await self._login_of(user_id)
        return login or await self._claimed(claims)

    async def _user_id(
        self, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> str | None:
        """Return the user of the request's code, token or session."""
        storage = self.storage
        if (code := parameters.get("code")) and (
            found := await storage.authorization_codes.get(code)
        ):
            return found.user_id
        if (code := parameters.get("interaction_code")) and (
            ended := await storage.interaction_codes.get(code)
        ):
            return ended.user_id
        for name in ("refresh_token", "token"):
            value = parameters.get(name)
            if value and (refresh := await storage.refresh_tokens.get(value)):
                return refresh.user_id
        for name in ("sessionToken", "token"):
            value = parameters.get(name)
            if value and (proven := await storage.session_tokens.get(value)):
                return proven.user_id
        if (value := parameters.get("stateToken")) and (
            transaction := await storage.transactions.get(value)
        ):
            return transaction.user_id
        session = await storage.sessions.get(_cookie(headers, self.session_cookie))
        return None if session is None else session.user_id

    async def _claimed(self, claims: Iterable[Mapping[str, Any]]) -> str | None:
        for each in claims:
            for value in (each.get("uid"), each.get("sub")):
                if isinstance(value, str) and (login := await self._login_of(value)):
                    return login
        return None

    async def _login_of(self, user_id: str) -> str | None:
        user = await self.storage.users.get(user_id)
        return None if user is None else user.login


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name in lower case; repeated ones are joined (RFC 9110 5.3)."""
    headers: dict[str, list[str]] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("utf-8", "replace").lower()
        headers.setdefault(name, []).append(raw_value.decode("utf-8", "replace"))
    return {
        name: ("; " if name == "cookie" else ", ").join(values) for name, values in headers.items()
    }


def _parameters(query: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """Return the first value of each parameter of query and form, or a JSON object's strings."""
    pairs = _pairs(query)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        pairs = [*_pairs(body.decode("utf-8", "replace")), *pairs]
    elif kind.endswith("json"):
        pairs = [*((n, v) for n, v in _object(body).items() if isinstance(v, str)), *pairs]
    return dict(reversed(pairs))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return []


def _object(body: bytes) -> dict[str, Any]:
    if not body.startswith(b"{"):
        return {}
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return found


def _client_id(
    parameters: Mapping[str, str],
    scheme: str,
    credential: str,
    claims: Iterable[Mapping[str, Any]],
) -> str | None:
    if parameters.get("client_id"):
        return parameters["client_id"]
    if scheme.lower() == "basic":
        return _basic_id(credential)
    asserted = _claims(parameters.get("client_assertion", "")).get("sub")
    return asserted if isinstance(asserted, str) else _claimed_client(claims)


def _basic_id(credential: str) -> str | None:
    """RFC 6749 2.3.1: the id is form-encoded."""
    try:
        decoded = base64.b64decode(credential.strip()).decode()
    except (binascii.Error, ValueError):
        return None
    return unquote_plus(decoded.partition(":")[0])


def _claimed_client(claims: Iterable[Mapping[str, Any]]) -> str | None:
    """Return `cid` of an access token, or the audience of an ID token."""
    for each in claims:
        value = each.get("cid", each.get("aud"))
        if isinstance(value, str):
            return value
    return None


def _embedded_login(answer: Mapping[str, Any]) -> str | None:
    """Return the login of the user in an answer of /api/v1/authn."""
    found: Any = answer
    for name in ("_embedded", "user", "profile", "login"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def _claims(token: str) -> dict[str, Any]:
    """Return the unverified claims of a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return _object(base64url_octets(parts[1]))
    except (binascii.Error, ValueError):
        return {}


def _cookie(headers: Mapping[str, str], name: str) -> str:
    """Return the last cookie of that name (RFC 6265 5.4).

    `SimpleCookie` needs seconds for a header full of backslashes (CVE-2024-7592).
    """
    found = ""
    for pair in headers.get("cookie", "").split(";"):
        given, _, value = pair.partition("=")
        if given.strip() == name:
            found = value.strip().strip('"')
    return found

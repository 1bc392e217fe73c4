"""A visitor of an org over real HTTP: good requests, and how to change them; what came back.

`SEED` is the org that the server's tests visit. A change is a mapping over the good request: None
leaves a parameter out, a list repeats it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import msgspec
from multidict import CIMultiDictProxy
from yarl import URL

from mock_okta import (
    Claim,
    GroupsFilter,
    MockOkta,
    Scope,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedUser,
)

LOGIN, OTHER_LOGIN, PASSWORD = "tester@example.com", "other@example.com", "mock-Password-1"
USER_ID = "00u1tester00000000h7"
APP = "http://localhost:3000"
CALLBACK = f"{APP}/callback"
SPA, OTHER_SPA = "0oa1spa00000000000h7", "0oa2spa00000000000h7"
BOUND = "0oa1bnd00000000000h7"
IMPLICIT_ONLY, CODE_ONLY = "0oa1imp00000000000h7", "0oa1cod00000000000h7"
WEB, OTHER_WEB = "0oa1web00000000000h7", "0oa2web00000000000h7"
SERVICE = "0oa1svc00000000000h7"
SECRET = "a secret/with+odd:characters&=%"
VERIFIER = "verifier-" + 34 * "v"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())[:-1].decode()
ODD_CALLBACK = "http://localhost:3000/odd?a='b'&c=\"><script>alert(1)</script>"
ODD_ORIGIN_CALLBACK = "app://it's\"<script>&/callback"

Change = Mapping[str, str | list[str] | None]


def _app(name: str, client_id: str, kind: str, *grant_types: str) -> SeedClient:
    is_confidential = kind in ("web", "service")
    is_interactive = kind != "service"
    return SeedClient(
        name=name,
        type=kind,
        client_id=client_id,
        client_secret=SECRET if is_confidential else None,
        base_uris=(APP,) if is_interactive else (),
        login_redirect_uris=(
            (CALLBACK, f"{APP}/second", ODD_CALLBACK, ODD_ORIGIN_CALLBACK) if is_interactive else ()
        ),
        logout_redirect_uris=(APP, f"{APP}/bye?a=1") if is_interactive else (),
        grant_types=grant_types,
    )


def _bound(client: SeedClient) -> SeedClient:
    return msgspec.structs.replace(client, dpop_bound_access_tokens=True)


SEED = Seed(
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            id=USER_ID,
            profile={
                "firstName": "Test",
                "middleName": "Middle",
                "lastName": "User",
                "nickName": "Testy",
                "profileUrl": "https://example.com/tester",
                "locale": "en_US",
                "timezone": "America/Los_Angeles",
                "primaryPhone": "+1 555 0100",
                "streetAddress": "1 Test Street",
                "city": "Testville",
                "countryCode": "US",
                "department": "Quality",
            },
            groups=("Everyone", "Developers", "Designers"),
        ),
        SeedUser(login=OTHER_LOGIN, password=PASSWORD, profile={"email": OTHER_LOGIN}),
    ),
    clients=(
        _app("SPA", SPA, "spa", "authorization_code", "implicit", "refresh_token"),
        _app("Other SPA", OTHER_SPA, "spa", "authorization_code", "refresh_token"),
        _bound(_app("Bound", BOUND, "spa", "authorization_code", "implicit")),
        _app("Implicit only", IMPLICIT_ONLY, "spa", "implicit"),
        _app("Code only", CODE_ONLY, "spa", "authorization_code"),
        _app("Web", WEB, "web", "authorization_code", "refresh_token"),
        _app("Other web", OTHER_WEB, "web", "authorization_code", "client_credentials"),
        _app("Service", SERVICE, "service", "client_credentials"),
    ),
    authorization_servers=(
        SeedAuthorizationServer(
            id="default",
            scopes=(Scope(name="messages.read"), Scope(name="notes", published=True)),
        ),
        SeedAuthorizationServer(
            id="rich",
            audiences=("api://rich",),
            scopes=(Scope(name="usual", default=True), Scope(name="special")),
            claims=(
                Claim(name="tier", token="access_token", value="gold"),
                Claim(name="department", token="access_token", attribute="department"),
                Claim(name="missing", token="access_token", attribute="nothing"),
                Claim(name="groups", token="access_token", groups=GroupsFilter(starts_with="De")),
                Claim(name="special", token="access_token", value=1, scopes=("special",)),
                Claim(name="cid", token="access_token", value="never in the place of ours"),
                Claim(name="thick", token="id_token", value=True),
                Claim(name="thin", token="id_token", value=True, always_include=True),
                Claim(name="is", token="id_token", groups=GroupsFilter(equals="Developers")),
                Claim(name="has", token="id_token", groups=GroupsFilter(contains="sign")),
                Claim(name="fits", token="id_token", groups=GroupsFilter(matches="D.*rs")),
            ),
        ),
    ),
    trusted_origins=("http://localhost:9000",),
)


@dataclass(frozen=True)
class Form:
    """The form of a page: where it goes, how, and with which fields."""

    action: str
    method: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json", self.text
        return json.loads(self.body)

    @property
    def location(self) -> str:
        assert self.status == 302, f"{self.status}: {self.text}"
        return self.headers["Location"]

    @property
    def form(self) -> Form:
        return form_in(self.text)

    @property
    def returned(self) -> dict[str, str]:
        """The fields of an authorization response, wherever its mode puts them, in order."""
        if self.status == 302:
            parts = urlsplit(self.location)
            return dict(parse_qsl(parts.fragment or parts.query, strict_parsing=True))
        assert self.status == 200, f"{self.status}: {self.text}"
        return message_in(self.text) if "postMessage" in self.text else dict(self.form.fields)

    def set_cookies(self) -> dict[str, str]:
        """The Set-Cookie lines by the cookie's name."""
        lines = self.headers.getall("Set-Cookie", [])
        return {line.partition("=")[0]: line for line in lines}


@dataclass(frozen=True)
class Visitor:
    """One browser's cookies, and a client's own requests."""

    org: MockOkta
    http: aiohttp.ClientSession

    def url(self, path: str, server: str = "default") -> str:
        """The URL of an authorization server's endpoint, such as `token`."""
        prefix = "/oauth2" if server == "org" else f"/oauth2/{server}"
        return f"{self.org.url}{prefix}/v1/{path}"

    async def ask(self, method: str, url: str, **options: Any) -> Answer:
        """Send one request; follow nothing."""
        where = url if url.startswith("http") else self.org.url + url
        exact = URL(where, encoded=True)
        async with self.http.request(method, exact, allow_redirects=False, **options) as response:
            return Answer(response.status, response.headers, await response.read())

    async def session_token(self, login: str = LOGIN) -> str:
        body = {"username": login, "password": PASSWORD}
        answer = await self.ask("POST", "/api/v1/authn", json=body)
        token: str = answer.json()["sessionToken"]
        return token

    async def sign_in(self, login: str = LOGIN) -> str:
        """Have a session in place of the one before, if any; its id."""
        if any(cookie.key in ("sid", "idx") for cookie in self.http.cookie_jar):
            await self.ask("DELETE", "/api/v1/sessions/me")
        query = urlencode({"token": await self.session_token(login), "redirectUrl": self.org.url})
        await self.ask("GET", f"/login/sessionCookieRedirect?{query}")
        session_id = await self.session_id()
        assert session_id is not None
        return session_id

    async def session_id(self) -> str | None:
        """The live session that the cookies carry."""
        answer = await self.ask("GET", "/api/v1/sessions/me")
        return answer.json()["id"] if answer.status == 200 else None

    async def authorize(
        self, change: Change | None = None, *, server: str = "default", method: str = "GET"
    ) -> Answer:
        """Ask /authorize: a good request for a code, but for the change."""
        good = {
            "client_id": SPA,
            "response_type": "code",
            "scope": "openid profile email offline_access",
            "redirect_uri": CALLBACK,
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        encoded = urlencode(_pairs(good | dict(change or {})))
        if method == "GET":
            return await self.ask("GET", f"{self.url('authorize', server)}?{encoded}")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.ask(method, self.url("authorize", server), data=encoded, headers=form)

    async def code(self, change: Change | None = None, *, server: str = "default") -> str:
        """A fresh authorization code for the user who signs in for it."""
        token = {"sessionToken": await self.session_token()}
        answer = await self.authorize(token | dict(change or {}), server=server)
        return answer.returned["code"]

    async def post(
        self,
        endpoint: str,
        form: Change,
        *,
        server: str = "default",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a form to an endpoint of an authorization server."""
        encoded = urlencode(_pairs(form))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        url = self.url(endpoint, server)
        return await self.ask("POST", url, data=encoded, headers=kind | dict(headers or {}))

    async def redeem(
        self,
        code: str,
        change: Change | None = None,
        *,
        server: str = "default",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Redeem a code as the SPA does, but for the change."""
        good = {
            "client_id": SPA,
            "redirect_uri": CALLBACK,
            "grant_type": "authorization_code",
            "code_verifier": VERIFIER,
            "code": code,
        }
        return await self.post("token", good | dict(change or {}), server=server, headers=headers)

    async def tokens(
        self, change: Change | None = None, *, server: str = "default"
    ) -> dict[str, Any]:
        """The token response of a whole code flow; the change is to the authorization request."""
        changed = dict(change or {})
        client_id = changed.get("client_id", SPA)
        secret = SECRET if client_id in (WEB, OTHER_WEB) else None
        own = {"client_id": client_id, "client_secret": secret}
        answer = await self.redeem(await self.code(changed, server=server), own, server=server)
        body: dict[str, Any] = answer.json()
        assert answer.status == 200, body
        return body

    async def refresh(
        self, refresh_token: str, change: Change | None = None, *, server: str = "default"
    ) -> Answer:
        """Redeem a refresh token as the SPA does, but for the change."""
        good = {"client_id": SPA, "grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self.post("token", good | dict(change or {}), server=server)

    async def introspect(
        self, token: str, change: Change | None = None, *, server: str = "default"
    ) -> Any:
        """What the server says of a token."""
        good = {"client_id": SPA, "token": token}
        return (await self.post("introspect", good | dict(change or {}), server=server)).json()

    async def userinfo(self, access_token: str, *, server: str = "default") -> Answer:
        bearer = {"Authorization": f"Bearer {access_token}"}
        return await self.ask("GET", self.url("userinfo", server), headers=bearer)


def basic(client_id: str, secret: str | None) -> dict[str, str]:
    """The Authorization header of a client; without a secret it has no colon either."""
    raw = client_id if secret is None else f"{client_id}:{secret}"
    return {"Authorization": f"Basic {base64.b64encode(raw.encode()).decode()}"}


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a JWT in their order; nothing is verified."""
    return _decoded(token.split(".")[1])


def header_of(token: str) -> dict[str, Any]:
    """The JOSE header of a JWT in its order."""
    return _decoded(token.split(".", maxsplit=1)[0])


def half_hash(value: str) -> str:
    """`at_hash` and `c_hash`, computed by the letter of OIDC Core 3.1.3.6."""
    octets = hashlib.sha256(value.encode("ascii")).digest()
    return base64.urlsafe_b64encode(octets[: len(octets) // 2]).decode().rstrip("=")


def message_in(html: str) -> dict[str, str]:
    """The object that an okta_post_message page posts."""
    found = re.findall(r"^\s*data\.(\w+) = '(.*)';$", html, re.MULTILINE)
    return {name: js_value(text) for name, text in found}


def js_value(text: str) -> str:
    """Decode a JavaScript string that has only such escapes."""
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\x[0-9A-F]{2}|\\u[0-9A-F]{4})*", text), text
    escapes = r"\\x([0-9A-F]{2})|\\u([0-9A-F]{4})"
    return re.sub(escapes, lambda found: chr(int(found[1] or found[2], 16)), text)


def form_in(html: str) -> Form:
    """The one form of a page, as a browser reads it."""
    reader = _FormReader()
    reader.feed(html)
    assert len(reader.forms) == 1, html
    return Form(reader.forms[0]["action"], reader.forms[0]["method"], reader.fields)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(given)
        if tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")


def _pairs(parameters: Change) -> list[tuple[str, str]]:
    listed = [(n, v if isinstance(v, list) else [v]) for n, v in parameters.items()]
    return [(name, each) for name, values in listed for each in values if each is not None]


def _decoded(part: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return decoded

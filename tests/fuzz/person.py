"""The user LOGIN with a browser, and the clients that act for them; what the org gave to whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from mock_okta import MockOkta
from tests.fuzz.jwts import SIGNERS, Ahead, Flaw, Jwt, fresh, spoilt
from tests.fuzz.model import TOKEN, Code, Facts, Pairs, Refresh
from tests.fuzz.registered import ISSUER
from tests.fuzz.wire import Client, Reply
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, PASSWORD, VERIFIER, form_in

FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")
AUTHORIZE = "/oauth2/default/v1/authorize"
S256 = {"code_challenge_method": "S256"}
GOOD_AUTHORIZATION = {
    "response_type": "code",
    "scope": "openid profile offline_access",
    "redirect_uri": CALLBACK,
    "state": "state-1",
    "nonce": "nonce-1",
}


@dataclass
class Request:
    """A form and headers; the JWTs in them are made when it is sent, by where they stand."""

    form: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    jwts: dict[str, Jwt] = field(default_factory=dict)


@dataclass
class Person:
    """Time stands still for them, at the machine's."""

    org: MockOkta
    client: Client
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.org.clock.reset()
        self.org.clock.freeze()
        self.facts = Facts(self.org.url, self.org.clock.epoch())

    def session_token(self) -> str:
        body = json.dumps({"username": LOGIN, "password": PASSWORD}).encode()
        token: str = self.client.send("POST", "/api/v1/authn", [JSON], body).json()["sessionToken"]
        return token

    def code(self, client_id: str, challenge: str | None) -> str:
        pkce = {} if challenge is None else {"code_challenge": challenge} | S256
        query = GOOD_AUTHORIZATION | {"client_id": client_id} | pkce
        reply = self.authorize(list((query | {"sessionToken": self.session_token()}).items()))
        code = reply.returned["code"][0]
        self.facts.codes[code] = Code(client_id, CALLBACK, challenge)
        return code

    def authorize(self, pairs: Pairs) -> Reply:
        return self.client.send("GET", f"{AUTHORIZE}?{urlencode(list(pairs))}")

    def redeem(self, pairs: Pairs, headers: Mapping[str, str]) -> Reply:
        return self.post(TOKEN, pairs, headers)

    def post(self, path: str, pairs: Pairs, headers: Mapping[str, str] | None = None) -> Reply:
        sent = [FORM, *(headers or {}).items()]
        return self.client.send("POST", path, sent, urlencode(list(pairs)).encode())

    def written(self, request: Request, flaw: Flaw) -> tuple[dict[str, str], dict[str, str]]:
        """Return form and headers, with the flaw in each of the JWTs."""
        form, headers = dict(request.form), dict(request.headers)
        for place, good in request.jwts.items():
            text = self.signed(spoilt(good, flaw, self.facts.now, self.facts.url))
            (headers if place == "DPoP" else form)[place] = text
        return form, headers

    def signed(self, made: Jwt) -> str:
        text = made.text()
        self.facts.jwts[text] = made
        return text

    def tokens(self, client_id: str, headers: Mapping[str, str], key: str | None) -> dict[str, Any]:
        """The tokens of a whole code flow of a public client; `key`: what they are bound to."""
        code = self.code(client_id, CHALLENGE)
        body: dict[str, Any] = self.redeem(for_code(client_id, code).items(), headers).json()
        scopes = frozenset(GOOD_AUTHORIZATION["scope"].split())
        self.facts.refresh_tokens[body["refresh_token"]] = Refresh(client_id, scopes, key)
        self.facts.access_tokens.add(body["access_token"])
        return body

    def proof(self, signer: str = "ec") -> Jwt:
        """A good DPoP proof for the token endpoint, with a nonce."""
        made = self._proof_with({}, signer)
        if not self.facts.nonces:
            form = {"grant_type": "authorization_code", "client_id": _ANY_CLIENT}
            reply = self.redeem(form.items(), {"DPoP": made.text()})
            assert reply.json()["error"] == "use_dpop_nonce"
            self.facts.nonces.add(reply.headers["dpop-nonce"])
        return self._proof_with({"nonce": next(iter(self.facts.nonces))}, signer)

    def _proof_with(self, more: Mapping[str, Any], signer: str) -> Jwt:
        claims = {
            "htm": "POST", "htu": self.facts.url + TOKEN, "iat": self.facts.now, "jti": fresh(),
        }  # fmt: skip
        header = {"typ": "dpop+jwt", "jwk": SIGNERS[signer].jwk}
        return Jwt(claims | dict(more), SIGNERS[signer], header)

    def client_assertion(self, client_id: str, signer: str, path: str = TOKEN) -> Jwt:
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": self.facts.url + path,
            "exp": Ahead(3600),
            "iat": Ahead(0),
            "jti": fresh(),
        }
        return Jwt(claims, SIGNERS[signer], {"typ": "JWT"})

    def user_assertion(self) -> Jwt:
        claims = {
            "iss": ISSUER,
            "sub": LOGIN,
            "aud": f"{self.facts.url}/oauth2/default",
            "exp": Ahead(60),
            "jti": fresh(),
        }
        return Jwt(claims, SIGNERS["rsa"], {"kid": "rsa"})

    def start_device(self, client_id: str, scope: str) -> dict[str, Any]:
        form = {"client_id": client_id, "scope": scope}
        reply = self.post("/oauth2/default/v1/device/authorize", form.items())
        body: dict[str, Any] = reply.json()
        return body

    def signed_in(self) -> dict[str, str]:
        """The headers of a browser with a session."""
        query = urlencode({"token": self.session_token(), "redirectUrl": self.org.url})
        reply = self.client.send("GET", f"/login/sessionCookieRedirect?{query}")
        lines = reply.headers.get_all("Set-Cookie") or []
        [sid] = [line.partition(";")[0] for line in lines if line.startswith("idx=")]
        return {"Cookie": sid}

    def decide(self, user_code: str, decision: str, browser: Mapping[str, str]) -> Reply:
        """Answer the question at /activate, if there is one; else return what there is."""
        path = f"/activate/confirm?{urlencode({'user_code': user_code})}"
        question = self.client.send("GET", path, browser.items())
        if question.status != 200:
            return question
        form = form_in(question.body.decode())
        return self.post(form.action, [*form.fields.items(), ("decision", decision)], browser)


_ANY_CLIENT = "0oa1spa00000000000h7"


def for_code(client_id: str, code: str, verifier: str | None = VERIFIER) -> dict[str, str]:
    """A good form for the code."""
    proof = {} if verifier is None else {"code_verifier": verifier}
    return {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        **proof,
    }

"""A good request, changed in a few places: tokens come only where the tests' model allows them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.inputs import FUZZED, Change, changes
from tests.fuzz.model import (
    ACCESS_TOKEN,
    BASIC,
    CLIENTS,
    CUSTOM_SCOPES,
    EXCHANGE,
    EXCHANGER,
    TRUSTING,
    USER_SCOPES,
    Code,
    Facts,
    basic,
)
from tests.fuzz.wire import Client, Reply, holds_markup
from tests.visiting import (
    APP,
    CALLBACK,
    CHALLENGE,
    CODE_ONLY,
    LOGIN,
    OTHER_SPA,
    OTHER_WEB,
    PASSWORD,
    SECRET,
    SERVICE,
    SPA,
    VERIFIER,
    WEB,
)

FORM = ("Content-Type", "application/x-www-form-urlencoded")
TOKEN = "/oauth2/default/v1/token"
AUTHORIZE = "/oauth2/default/v1/authorize"
OTHER_VERIFIER = "other-verifier-" + 34 * "w"
NEARLY = (f"{CALLBACK}/../x", f"{CALLBACK}.evil.example", f"{CALLBACK}?next=x", CALLBACK.upper())
KNOWN = st.sampled_from(
    (
        *CLIENTS, SECRET, "wrong", CALLBACK, f"{APP}/second", f"{APP}/", *NEARLY, VERIFIER,
        OTHER_VERIFIER, CHALLENGE, PASSWORD, LOGIN, LOGIN.upper(), "authorization_code",
        "refresh_token", "client_credentials", "password", EXCHANGE, "messages.read",
        "openid", "openid notes",
        "offline_access", "address", "messages.read openid", "api://default", ACCESS_TOKEN,
    )
)  # fmt: skip

OF_TOKEN_REQUESTS = (
    "grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "scope",
    "refresh_token", "username", "password", "subject_token", "subject_token_type", "audience",
)  # fmt: skip
OF_AUTHORIZATIONS = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
    "code_challenge", "code_challenge_method", "prompt", "sessionToken",
)  # fmt: skip


@dataclass
class Person:
    """The user LOGIN with a browser, and what the org gave to clients on the way."""

    client: Client
    facts: Facts = field(default_factory=Facts)

    def session_token(self) -> str:
        body = json.dumps({"username": LOGIN, "password": PASSWORD}).encode()
        kind = ("Content-Type", "application/json")
        token: str = self.client.send("POST", "/api/v1/authn", [kind], body).json()["sessionToken"]
        return token

    def code(self, client_id: str, challenge: str | None) -> str:
        pkce = {} if challenge is None else {"code_challenge": challenge} | S256
        query = GOOD_AUTHORIZATION | {"client_id": client_id} | pkce
        reply = self.authorize(_pairs(query | {"sessionToken": self.session_token()}))
        code = reply.returned["code"][0]
        self.facts.codes[code] = Code(client_id, CALLBACK, challenge)
        return code

    def authorize(self, pairs: list[tuple[str, str]]) -> Reply:
        return self.client.send("GET", f"{AUTHORIZE}?{urlencode(pairs)}")

    def redeem(self, pairs: list[tuple[str, str]], headers: Mapping[str, str]) -> Reply:
        return self.client.send("POST", TOKEN, [FORM, *headers.items()], urlencode(pairs).encode())

    def tokens(self) -> dict[str, Any]:
        """The tokens of a whole code flow of the SPA."""
        good = _for_code(SPA, self.code(SPA, CHALLENGE), VERIFIER)
        body: dict[str, Any] = self.redeem(_pairs(good), {}).json()
        scopes = frozenset(GOOD_AUTHORIZATION["scope"].split())
        self.facts.refresh_tokens[body["refresh_token"]] = (SPA, scopes)
        self.facts.access_tokens.add(body["access_token"])
        return body


S256 = {"code_challenge_method": "S256"}
GOOD_AUTHORIZATION = {
    "response_type": "code",
    "scope": "openid profile offline_access",
    "redirect_uri": CALLBACK,
    "state": "state-1",
    "nonce": "nonce-1",
}


def _for_code(client_id: str, code: str, verifier: str | None) -> dict[str, str]:
    proof = {} if verifier is None else {"code_verifier": verifier}
    return {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        **proof,
    }


def _good_requests(person: Person) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """A good form and headers for each way to a token; each brings its own fresh proof."""
    as_web = {"Authorization": basic(WEB, SECRET)}
    service = {"grant_type": "client_credentials", "scope": "messages.read"}
    credentials = {"username": LOGIN, "password": PASSWORD, "scope": "openid"}
    tokens = person.tokens()
    exchange = {
        "grant_type": EXCHANGE,
        "client_id": EXCHANGER,
        "client_secret": SECRET,
        "subject_token": tokens["access_token"],
        "subject_token_type": ACCESS_TOKEN,
        "audience": "api://default",
        "scope": "messages.read",
    }
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    web_code = _for_code(WEB, person.code(WEB, None), None)
    return {
        "code of a public client": (_for_code(SPA, person.code(SPA, CHALLENGE), VERIFIER), {}),
        "code of a browser": (
            _for_code(CODE_ONLY, person.code(CODE_ONLY, CHALLENGE), VERIFIER),
            {"Origin": APP},
        ),
        "code of a confidential client": (web_code, as_web),
        "refresh token": ({**refresh, "client_id": SPA}, {}),
        "service": ({**service, "client_id": SERVICE, "client_secret": SECRET}, {}),
        "web app as service": (service, {"Authorization": basic(OTHER_WEB, SECRET)}),
        "password": ({"grant_type": "password", "client_id": TRUSTING, **credentials}, {}),
        "exchange": (exchange, {}),
    }


WAYS = (
    "code of a public client",
    "code of a browser",
    "code of a confidential client",
    "refresh token",
    "service",
    "web app as service",
    "password",
    "exchange",
)


@pytest.mark.parametrize("way", WAYS)
def test_unchanged_each_good_request_brings_tokens(
    client: Client, fuzzed: MockOkta, way: str
) -> None:
    person = Person(client)
    form, headers = _good_requests(person)[way]

    reply = person.redeem(_pairs(form), headers)

    assert person.facts.proves(_pairs(form), headers, fuzzed.url)
    assert reply.gives_tokens, reply.body


@FUZZED
@given(
    way=st.sampled_from(WAYS),
    change=changes(OF_TOKEN_REQUESTS, KNOWN),
    authorization=st.one_of(st.just("as it is"), st.sampled_from((None, *sorted(BASIC)))),
    origin=st.sampled_from(("as it is", "as it is", None, APP, "http://evil.example", "null")),
    takes_proof_of_other=st.booleans(),
)
def test_tokens_are_given_only_for_what_the_grant_needs(
    client: Client,
    fuzzed: MockOkta,
    way: str,
    change: Change,
    authorization: str | None,
    origin: str | None,
    takes_proof_of_other: bool,  # noqa: FBT001 -- an example's own
) -> None:
    person = Person(client)
    form, headers = _good_requests(person)[way]
    if takes_proof_of_other and "code" in form:
        form["code"] = person.code(OTHER_SPA, CHALLENGE)
    sent = _pairs(form | dict(change))
    for name, value in (("Authorization", authorization), ("Origin", origin)):
        if value is None:
            headers.pop(name, None)
        elif value != "as it is":
            headers[name] = value
    proves = person.facts.proves(sent, headers, fuzzed.url)

    reply = person.redeem(sent, headers)
    again = person.redeem(sent, headers)

    assert reply.status < 500, reply.body
    assert proves or not reply.gives_tokens, (sent, headers, reply.body)
    if "code" in dict(sent) and dict(sent).get("grant_type") == "authorization_code":
        assert not (reply.gives_tokens and again.gives_tokens), "a code was good twice"


@FUZZED
@given(
    change=changes(OF_AUTHORIZATIONS, KNOWN),
    client_id=st.sampled_from(sorted(CLIENTS)),
    has_proof=st.booleans(),
)
def test_codes_and_tokens_go_only_to_clients_that_may_have_them(
    client: Client,
    change: Change,
    client_id: str,
    has_proof: bool,  # noqa: FBT001 -- an example's own
) -> None:
    person = Person(client)
    proof = {"sessionToken": person.session_token()} if has_proof else {}
    good = GOOD_AUTHORIZATION | {"client_id": client_id, "code_challenge": CHALLENGE} | S256
    sent = _pairs(good | proof | dict(change))
    given_once = {name: value for name, value in sent if value}
    assume("request" not in given_once and "request_uri" not in given_once)

    reply = person.authorize(sent)

    assert reply.status < 500, reply.body
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body
    named = CLIENTS.get(given_once.get("client_id", ""))
    uri = given_once.get("redirect_uri", "")
    if named is None or uri not in named.login_redirect_uris:
        assert reply.status == 400
        assert reply.location is None
    if reply.gives_tokens:
        assert named is not None
        assert has_proof
        assert given_once["sessionToken"] == proof["sessionToken"]
        assert len(given_once) == len([pair for pair in sent if pair[1]]), "given twice"
        _may_have(named.grant_types or (), given_once)
        if named.client_secret is None and "code" in given_once["response_type"]:
            assert len(given_once["code_challenge"]) >= 43


def _may_have(grant_types: tuple[str, ...], asked: Mapping[str, str]) -> None:
    for kind in asked["response_type"].split():
        needed = "authorization_code" if kind == "code" else "implicit"
        assert needed in grant_types
    assert set(asked["scope"].split()) <= USER_SCOPES | CUSTOM_SCOPES
    assert asked["state"]


def _pairs(parameters: Change) -> list[tuple[str, str]]:
    listed = [(n, v if isinstance(v, list) else [v]) for n, v in parameters.items()]
    return [(name, each) for name, values in listed for each in values if each is not None]

"""A good request, changed in a few places: tokens come where the tests' model says, only there."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.good_requests import WAYS
from tests.fuzz.inputs import FUZZED, Change, changes, pairs_of
from tests.fuzz.jwts import GOOD, OF_ASSERTIONS, OF_PROOFS, Flaw, flaws
from tests.fuzz.model import BASIC, is_repeated
from tests.fuzz.person import GOOD_AUTHORIZATION, S256, Person
from tests.fuzz.registered import (
    ACCESS_TOKEN,
    ASSERTION_TYPE,
    CLIENTS,
    CUSTOM_SCOPES,
    DEVICE,
    EXCHANGE,
    JWT_BEARER,
    USER_SCOPES,
)
from tests.fuzz.wire import Client, holds_markup
from tests.visiting import (
    APP,
    CALLBACK,
    CHALLENGE,
    LOGIN,
    OTHER_SPA,
    PASSWORD,
    SECRET,
    VERIFIER,
)

OTHER_VERIFIER = "other-verifier-" + 34 * "w"
NEARLY = (f"{CALLBACK}/../x", f"{CALLBACK}.evil.example", f"{CALLBACK}?next=x", CALLBACK.upper())
KNOWN = st.sampled_from(
    (
        *CLIENTS, SECRET, "wrong", CALLBACK, f"{APP}/second", f"{APP}/", *NEARLY, VERIFIER,
        OTHER_VERIFIER, CHALLENGE, PASSWORD, LOGIN, LOGIN.upper(), "authorization_code",
        "refresh_token", "client_credentials", "password", EXCHANGE, "messages.read",
        "openid", "openid notes", "offline_access", "address", "messages.read openid",
        "api://default", ACCESS_TOKEN, DEVICE, JWT_BEARER, ASSERTION_TYPE,
    )
)  # fmt: skip

OF_TOKEN_REQUESTS = (
    "grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "scope",
    "refresh_token", "username", "password", "subject_token", "subject_token_type", "audience",
    "device_code", "assertion", "client_assertion", "client_assertion_type",
)  # fmt: skip
OF_AUTHORIZATIONS = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
    "code_challenge", "code_challenge_method", "prompt", "sessionToken",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_unchanged_each_good_request_brings_tokens(
    client: Client, fuzzed: MockOkta, way: str
) -> None:
    person = Person(fuzzed, client)
    form, headers = person.written(WAYS[way](person), GOOD)

    reply = person.redeem(form.items(), headers)

    assert person.facts.proves(form.items(), headers)
    assert reply.gives_tokens, reply.body


@FUZZED
@given(
    way=st.sampled_from(sorted(WAYS)),
    change=st.just({}) | changes(OF_TOKEN_REQUESTS, KNOWN),
    authorization=st.just("as it is") | st.sampled_from((None, *sorted(BASIC))),
    origin=st.just("as it is") | st.sampled_from((None, APP, "http://evil.example", "null")),
    proof=st.just("as it is") | st.sampled_from((None, "e30.e30.e30", "another's")),
    takes_code_of_other=st.booleans(),
)
@example(
    way="bound refresh token",
    change={},
    authorization="as it is",
    origin="as it is",
    proof="another's",
    takes_code_of_other=False,
)
def test_tokens_are_given_for_what_the_grant_needs_and_for_no_less(
    client: Client,
    fuzzed: MockOkta,
    way: str,
    change: Change,
    authorization: str | None,
    origin: str | None,
    proof: str | None,
    takes_code_of_other: bool,  # noqa: FBT001 -- an example's own
) -> None:
    person = Person(fuzzed, client)
    form, headers = person.written(WAYS[way](person), GOOD)
    if takes_code_of_other and "code" in change:
        form["code"] = person.code(OTHER_SPA, CHALLENGE)
    if proof == "another's":
        proof = person.signed(person.proof("other ec"))
    _change(headers, {"Authorization": authorization, "Origin": origin, "DPoP": proof})

    _tokens_come_if_proved(person, way, pairs_of(form | dict(change)), headers)


SIGNED = tuple(sorted(way for way in WAYS if "JWT" in way or "jwt" in way))
BOUND = tuple(sorted(way for way in WAYS if "bind" in way or "bound" in way))


@FUZZED
@given(
    case=st.one_of(
        st.tuples(st.sampled_from(SIGNED), flaws(OF_ASSERTIONS)),
        st.tuples(st.sampled_from(BOUND), flaws(OF_PROOFS)),
    )
)
def test_what_clients_sign_is_taken_if_it_is_right_and_only_then(
    client: Client, fuzzed: MockOkta, case: tuple[str, Flaw]
) -> None:
    way, flaw = case
    person = Person(fuzzed, client)
    form, headers = person.written(WAYS[way](person), flaw)

    _tokens_come_if_proved(person, way, list(form.items()), headers)


def _tokens_come_if_proved(
    person: Person, way: str, sent: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    """Send it twice: a one-time value must not work again."""
    proves = person.facts.proves(sent, headers)

    reply = person.redeem(sent, headers)

    event(f"{way}: {'tokens' if proves else 'refused'}")
    assert reply.status < 500, reply.body
    assert proves == reply.gives_tokens, (sent, headers, reply.body)
    if proves:
        person.facts.spend(sent, headers)
    again = person.redeem(sent, headers)
    assert again.status < 500, again.body
    may_again = person.facts.proves(sent, headers)
    assert may_again or not again.gives_tokens, "what is good once was good twice"


def _change(headers: dict[str, str], changed: Mapping[str, str | None]) -> None:
    for name, value in changed.items():
        if value is None:
            headers.pop(name, None)
        elif value != "as it is":
            headers[name] = value


@FUZZED
@given(
    change=changes(OF_AUTHORIZATIONS, KNOWN),
    client_id=st.sampled_from(sorted(CLIENTS)),
    has_proof=st.booleans(),
)
def test_codes_and_tokens_go_only_to_clients_that_may_have_them(
    client: Client,
    fuzzed: MockOkta,
    change: Change,
    client_id: str,
    has_proof: bool,  # noqa: FBT001 -- an example's own
) -> None:
    person = Person(fuzzed, client)
    proof = {"sessionToken": person.session_token()} if has_proof else {}
    good = GOOD_AUTHORIZATION | {"client_id": client_id, "code_challenge": CHALLENGE} | S256
    sent = pairs_of(good | proof | dict(change))
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
        assert not is_repeated(sent)
        _may_have(named.grant_types or (), given_once)
        if named.authentication_method == "none" and "code" in given_once["response_type"]:
            assert len(given_once["code_challenge"]) >= 43


def _may_have(grant_types: tuple[str, ...], asked: Mapping[str, str]) -> None:
    for kind in asked["response_type"].split():
        needed = "authorization_code" if kind == "code" else "implicit"
        assert needed in grant_types
    assert set(asked["scope"].split()) <= USER_SCOPES | CUSTOM_SCOPES
    assert asked["state"]

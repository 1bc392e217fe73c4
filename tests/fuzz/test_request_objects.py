"""Signed request objects at /authorize and /par: what they say counts if their client signed it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.authorizations import is_granted
from tests.fuzz.inputs import FUZZED, MARKUP, PLACES
from tests.fuzz.jwts import GOOD, NULL, OF_REQUESTS, SIGNERS, Ahead, Flaw, Jwt, flaws, fresh, spoilt
from tests.fuzz.model import may_be_redirected_to
from tests.fuzz.person import GOOD_AUTHORIZATION, S256, Person
from tests.fuzz.proofs import asked_in, is_request_of
from tests.fuzz.registered import ASSERTION_TYPE, BY_KEY, BY_SECRET, CLIENTS
from tests.fuzz.wire import Client, Reply, holds_markup
from tests.visiting import APP, CALLBACK, CHALLENGE, SPA, WEB

PAR = "/oauth2/default/v1/par"
SIGNERS_OF = {BY_KEY: "ec", BY_SECRET: "secret", SPA: "ec", WEB: "short secret"}
EXPIRED = replace(GOOD, claims={"exp": Ahead(0)})
GOOD_REQUEST = GOOD_AUTHORIZATION | {"code_challenge": CHALLENGE} | S256
_VALUES: Mapping[str, tuple[Any, ...]] = {
    "redirect_uri": (CALLBACK, f"{APP}/second", f"{APP}/", *PLACES),
    "response_type": ("code", "token", "id_token token", "code id_token", ["code"], "x"),
    "response_mode": ("query", "fragment", "form_post", "okta_post_message"),
    "scope": ("openid", ["openid", "email"], "email", "messages.read", "unknown"),
    "state": ("other-state", "a b", 5),
    "nonce": ("other-nonce", 5),
    "prompt": ("none", "login", "consent", "none login", "x"),
    "code_challenge": (CHALLENGE, "short", 43 * "c"),
    "code_challenge_method": ("S256", "plain"),
    "client_id": (SPA, BY_KEY, BY_SECRET, "x"),
    "request": ("e30.e30.",),
    "request_uri": ("urn:okta:x",),
}
_ODD = (NULL, "", 0, 1.5, True, [], [None], {}, {"a": []}, "\ud800", *MARKUP)
_one = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from((*_VALUES[name], *_VALUES[name], *_ODD)))
)
_some = st.lists(_one, max_size=2).map(dict)
_outside = st.sampled_from(sorted(set(_VALUES) - {"client_id", "request", "request_uri"})).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from([value for value in _VALUES[name] if isinstance(value, str)] + [None]),
    )
)


def _object(client_id: str, inside: Mapping[str, Any], url: str) -> Jwt:
    claims = {
        "iss": client_id,
        "aud": f"{url}/oauth2/default",
        "exp": Ahead(60),
        "jti": fresh(),
        **inside,
    }
    return Jwt(claims, SIGNERS[SIGNERS_OF[client_id]], {})


def _effective(outside: Mapping[str, str | None], made: Jwt) -> dict[str, str]:
    """The values inside win, null too."""
    merged = dict(outside) | dict(asked_in(made))
    return {name: value for name, value in merged.items() if value}


def _push(person: Person, client_id: str, pairs: Mapping[str, str]) -> str | None:
    """The `request_uri` for a client that authenticates rightly; None if it gets none."""
    more = {"client_id": client_id}
    if client_id == WEB:
        more["client_secret"] = CLIENTS[WEB].client_secret or ""
    elif client_id != SPA:
        made = person.client_assertion(client_id, SIGNERS_OF[client_id], PAR)
        text = spoilt(made, GOOD, person.facts.now, person.facts.url).text()
        more |= {"client_assertion": text, "client_assertion_type": ASSERTION_TYPE}
    reply = person.post(PAR, (dict(pairs) | more).items())
    assert reply.status in (201, 400, 403), reply.body
    return reply.json()["request_uri"] if reply.status == 201 else None


def _ask(person: Person, client_id: str, pairs: Mapping[str, str], *, pushes: bool) -> Reply | None:
    """What the browser gets, with a fresh session token; None for what is refused when pushed."""
    proof = {"sessionToken": person.session_token()}
    if not pushes:
        return person.authorize((dict(pairs) | proof | {"client_id": client_id}).items())
    uri = _push(person, client_id, pairs)
    if uri is None:
        return None
    query = {"client_id": client_id, "request_uri": uri} | proof
    reply = person.authorize(query.items())
    again = person.authorize((query | {"sessionToken": person.session_token()}).items())
    assert not again.gives_tokens, "a request_uri was good twice"
    return reply


@pytest.mark.parametrize("pushes", [False, True])
@pytest.mark.parametrize("client_id", [BY_KEY, BY_SECRET])
def test_a_good_request_object_brings_a_code_with_nothing_beside_it(
    client: Client,
    fuzzed: MockOkta,
    client_id: str,
    pushes: bool,  # noqa: FBT001 -- a case's own
) -> None:
    person = Person(fuzzed, client)
    made = spoilt(_object(client_id, GOOD_REQUEST, fuzzed.url), GOOD, person.facts.now, "")

    reply = _ask(person, client_id, {"request": made.text()}, pushes=pushes)

    assert reply is not None
    assert reply.gives_tokens, reply.body
    assert reply.returned["state"] == ["state-1"]


@FUZZED
@given(
    client_id=st.sampled_from((BY_KEY, BY_KEY, BY_SECRET, BY_SECRET, SPA, WEB)),
    inside=_some,
    is_all_inside=st.booleans(),
    outside=st.lists(_outside, max_size=1).map(dict),
    flaw=st.just(GOOD) | flaws(OF_REQUESTS),
    pushes=st.booleans(),
    comes_again=st.booleans(),
)
@example(
    client_id=BY_KEY,
    inside={},
    is_all_inside=True,
    outside={},
    flaw=EXPIRED,
    pushes=False,
    comes_again=False,
)
def test_a_request_object_counts_if_its_client_signed_it_for_this_server_now_and_once(
    client: Client,
    fuzzed: MockOkta,
    client_id: str,
    inside: dict[str, Any],
    is_all_inside: bool,  # noqa: FBT001 -- an example's own
    outside: dict[str, str | None],
    flaw: Flaw,
    pushes: bool,  # noqa: FBT001 -- an example's own
    comes_again: bool,  # noqa: FBT001 -- an example's own
) -> None:
    person, url = Person(fuzzed, client), fuzzed.url
    within = (GOOD_REQUEST if is_all_inside else {}) | inside
    made = spoilt(_object(client_id, within, url), flaw, person.facts.now, url)
    beside = {**GOOD_REQUEST, **outside}
    sent = {name: value for name, value in beside.items() if value is not None}
    sent["request"] = made.text()
    is_sound = is_request_of(made, CLIENTS[client_id], f"{url}/oauth2/default", person.facts.now)
    if comes_again:
        _ask(person, client_id, sent, pushes=pushes)
        is_sound = is_sound and made.claims.get("jti") is None
    effective = _effective(beside, made)
    expected = is_sound and is_granted(CLIENTS[client_id], effective)

    reply = _ask(person, client_id, sent, pushes=pushes)

    event(f"{client_id} {'pushed' if pushes else 'plain'}: {'granted' if expected else 'refused'}")
    if reply is None:
        assert not expected, (within, sent)
        return
    _is_safe(reply, url)
    assert reply.gives_tokens == expected, (within, sent, reply.location, reply.body)
    if expected and reply.location is not None:
        assert reply.location.startswith(effective["redirect_uri"])
        assert reply.returned["state"] == [effective["state"]]


def _is_safe(reply: Reply, url: str) -> None:
    assert reply.status < 500, reply.body
    assert reply.headers["fuzz"] is None, "a header was smuggled in"
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body
    if reply.location is not None:
        assert may_be_redirected_to(reply.location, url), reply.location

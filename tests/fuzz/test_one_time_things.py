"""One-time values work only once, even if 64 requests use one at the same time."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
import msgspec
import pytest

from mock_okta import Config, KeyPool, MockOkta, Scope, SeedClient
from tests.authn.proving import Proving
from tests.authn.races import RACES, Race
from tests.fuzz.good_requests import WAYS
from tests.fuzz.inputs import EXAMPLES
from tests.fuzz.jwts import GOOD
from tests.fuzz.model import TOKEN
from tests.fuzz.person import AUTHORIZE, FORM, GOOD_AUTHORIZATION, JSON, S256, Person
from tests.fuzz.registered import OPEN, TELEVISION
from tests.fuzz.sockets import Raw, at_once, get, post
from tests.fuzz.wire import Client
from tests.visiting import CALLBACK, CHALLENGE, SEED, SPA, Visitor, form_in

TRIES = 64
ROUNDS = max(1, EXAMPLES // 2500)
ASKING = "0oa1ask00000000000h7"
_ASKED = SeedClient(
    name="Asking",
    type="spa",
    client_id=ASKING,
    consent_method="REQUIRED",
    login_redirect_uris=(CALLBACK,),
)
_DEFAULT, *_OTHERS = OPEN.authorization_servers
_SCOPES = (*_DEFAULT.scopes, Scope(name="asked", consent="REQUIRED"))
RACED = msgspec.structs.replace(
    OPEN,
    clients=(*OPEN.clients, _ASKED),
    authorization_servers=(msgspec.structs.replace(_DEFAULT, scopes=_SCOPES), *_OTHERS),
)


@pytest.fixture(scope="module")
def raced(shared_pool: KeyPool) -> Iterator[MockOkta]:
    with MockOkta(Config(seed=RACED), key_pool=shared_pool) as org:
        yield org


@pytest.fixture
def person(raced: MockOkta) -> Iterator[Person]:
    client = Client(raced.url)
    yield Person(raced, client)
    client.close()


@dataclass(frozen=True)
class Try:
    """A request that works once, and how to see that it did."""

    request: bytes
    won: Callable[[Raw], bool]


def _has_code(answer: Raw) -> bool:
    return (
        re.search(rb"\r\nLocation: http://localhost:3000/callback\?code=", answer.head) is not None
    )


def _has_session(answer: Raw) -> bool:
    return b"\r\nSet-Cookie: idx=" in answer.head


def _is_200(answer: Raw) -> bool:
    return answer.status == 200


def _authorization(**change: str) -> str:
    pkce = {"client_id": SPA, "code_challenge": CHALLENGE, **S256}
    return f"{AUTHORIZE}?{urlencode(GOOD_AUTHORIZATION | pkce | change)}"


def _cookie(person: Person) -> str:
    return f"Cookie: {person.signed_in()['Cookie']}"


def _session_token_for_a_session(person: Person) -> Try:
    body = json.dumps({"sessionToken": person.session_token()}).encode()
    return Try(post("/api/v1/sessions", JSON[1], body), _is_200)


def _session_token_for_a_cookie(person: Person) -> Try:
    query = urlencode({"token": person.session_token(), "redirectUrl": person.org.url})
    return Try(get(f"/login/sessionCookieRedirect?{query}"), _has_session)


def _session_token_for_a_code(person: Person) -> Try:
    return Try(get(_authorization(sessionToken=person.session_token())), _has_code)


def _request_uri(person: Person) -> Try:
    pkce = {"client_id": SPA, "code_challenge": CHALLENGE, **S256}
    pushed = person.post("/oauth2/default/v1/par", (GOOD_AUTHORIZATION | pkce).items()).json()
    query = urlencode({"client_id": SPA, "request_uri": pushed["request_uri"]})
    return Try(get(f"{AUTHORIZE}?{query}", _cookie(person)), _has_code)


def _key_of_a_parked_request(person: Person) -> Try:
    """What waits for a sign-in goes on once."""
    parked = person.client.send("GET", _authorization())
    found = re.search(r"okta_key(?:=|%3D)([\w.~-]+)", parked.location or "")
    assert found, parked
    target = f"/oauth2/v1/authorize/redirect?{urlencode({'okta_key': found[1]})}"
    return Try(get(target, _cookie(person)), _has_code)


def _key_of_a_consent(person: Person) -> Try:
    browser = person.signed_in()
    asked = _authorization(client_id=ASKING, scope="openid asked")
    form = form_in(person.client.send("GET", asked, browser.items()).body.decode())
    body = urlencode({**form.fields, "decision": "allow"}).encode()
    target = form.action.removeprefix(person.org.url)
    return Try(post(target, FORM[1], body, f"Cookie: {browser['Cookie']}"), _has_code)


def _decision_on_a_device(person: Person) -> Try:
    browser = person.signed_in()
    user_code = person.start_device(TELEVISION, "openid")["user_code"]
    query = urlencode({"user_code": user_code})
    question = person.client.send("GET", f"/activate/confirm?{query}", browser.items())
    form = form_in(question.body.decode())
    body = urlencode({**form.fields, "decision": "allow"}).encode()
    target = form.action.removeprefix(person.org.url)
    return Try(post(target, FORM[1], body, f"Cookie: {browser['Cookie']}"), _is_200)


ONCE: Mapping[str, Callable[[Person], Try]] = {
    "session token for a session": _session_token_for_a_session,
    "session token for a cookie": _session_token_for_a_cookie,
    "session token for a code": _session_token_for_a_code,
    "request_uri": _request_uri,
    "key of a parked request": _key_of_a_parked_request,
    "key of a consent": _key_of_a_consent,
    "decision on a device": _decision_on_a_device,
}


@pytest.mark.parametrize("made", ONCE.values(), ids=ONCE)
def test_of_64_in_the_same_instant_one_comes_through(
    person: Person, made: Callable[[Person], Try]
) -> None:
    for _ in range(ROUNDS):
        tried = made(person)

        answers = at_once(person.org.url, TRIES * [tried.request])

        assert [tried.won(answer) for answer in answers].count(True) == 1
        assert all(answer.status < 500 for answer in answers)


@pytest.mark.parametrize("way", WAYS)
def test_of_64_token_requests_in_the_same_instant_one_gets_tokens_or_all_do(
    person: Person, way: str
) -> None:
    """Codes, refresh tokens, device codes, assertions and proofs work once, secrets always."""
    for _ in range(ROUNDS):
        form, headers = person.written(WAYS[way](person), GOOD)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        request = post(TOKEN, FORM[1], urlencode(form).encode(), *lines)
        assert person.facts.proves(form.items(), headers)
        person.facts.spend(form.items(), headers)
        is_good_again = person.facts.proves(form.items(), headers)

        answers = at_once(person.org.url, TRIES * [request])

        given = [answer.status for answer in answers].count(200)
        assert given == (TRIES if is_good_again else 1)
        assert all(answer.status < 500 for answer in answers)


async def _winners(org: MockOkta, race: Race) -> int:
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        return sum(await race(Proving(Visitor(org, http))))


@pytest.mark.parametrize("race", RACES, ids=[race.__name__ for race in RACES])
def test_of_64_who_prove_the_same_at_once_one_comes_through(
    shared_pool: KeyPool, race: Race
) -> None:
    """Passcodes, authenticators' codes, pushes, state, recovery and activation tokens."""
    for _ in range(ROUNDS):
        with MockOkta(Config(seed=SEED), key_pool=shared_pool) as org:
            assert asyncio.run(_winners(org, race)) == 1

"""Clients whose keys are at a server that is hostile, or slow: they harm nobody but themselves."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

import jwt
import msgspec
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from mock_okta import Config, KeyPool, MockOkta, SeedClient
from tests.fuzz.inputs import EXAMPLES, FUZZED, json_values
from tests.fuzz.jwts import SIGNERS, fresh
from tests.fuzz.key_server import KeyServer, key_server
from tests.fuzz.model import TOKEN
from tests.fuzz.person import FORM, Person
from tests.fuzz.registered import ASSERTION_TYPE, OPEN
from tests.fuzz.sockets import PATIENCE, dialed, end_of, pieces_of, post
from tests.fuzz.wire import Client
from tests.visiting import SPA

HOSTED = settings(FUZZED, max_examples=max(60, EXAMPLES // 5))
FETCHED = "0oa1fet00000000000h7"
WAITING = 50 if EXAMPLES < 10_000 else 400
OWN, STRANGERS = SIGNERS["rsa"].jwk, SIGNERS["other rsa"].jwk
KEYS = json.dumps({"keys": [OWN]}).encode()


@pytest.fixture(scope="module")
def keys() -> Iterator[KeyServer]:
    with key_server() as keys:
        yield keys


@pytest.fixture(scope="module")
def hosted(keys: KeyServer, shared_pool: KeyPool) -> Iterator[MockOkta]:
    fetched = SeedClient(
        name="Fetched",
        type="service",
        client_id=FETCHED,
        token_endpoint_auth_method="private_key_jwt",
        jwks_uri=keys.url,
    )
    seed = msgspec.structs.replace(OPEN, clients=(*OPEN.clients, fetched))
    with MockOkta(Config(seed=seed), key_pool=shared_pool) as org:
        yield org


@pytest.fixture(scope="module")
def caller(hosted: MockOkta) -> Iterator[Client]:
    client = Client(hosted.url)
    yield client
    client.close()


def _form(org: MockOkta) -> bytes:
    claims = {
        "iss": FETCHED,
        "sub": FETCHED,
        "aud": org.url + TOKEN,
        "exp": org.clock.epoch() + 600,
        "jti": fresh(),
    }
    form = {
        "grant_type": "client_credentials",
        "scope": "messages.read",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(claims, SIGNERS["rsa"].key, "RS256"),
    }
    return urlencode(form).encode()


def _sent(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    about = (f"Content-Length: {len(body)}", "Connection: close")
    return "\r\n".join([f"HTTP/1.1 {status}", *about, *lines, "", ""]).encode() + body


_numbers = st.binary(max_size=300).map(
    lambda octets: base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
)
_members = st.sampled_from(
    ("kty", "n", "e", "d", "p", "q", "dp", "dq", "qi", "oth", "k", "x", "y", "crv", "alg", "use",
     "kid", "key_ops", "x5c", "x5t", "x5u"),
)  # fmt: skip
_words = st.sampled_from(
    ("RSA", "EC", "OKP", "oct", "P-256", "P-521", "secp256k1", "Ed25519", "Ed448", "X25519",
     "RS256", "HS256", "none", "ES512", "PS256", "EdDSA", "sig", "enc"),
)  # fmt: skip
_changed = st.dictionaries(_members, _words | _numbers | json_values, min_size=1, max_size=4)
_spoilt = st.builds(
    lambda own, changed: {**own, **changed},
    st.sampled_from((OWN, STRANGERS, SIGNERS["ec"].jwk, {})),
    _changed,
)
_sets = st.lists(_spoilt | json_values | st.just(STRANGERS), max_size=4)


@HOSTED
@given(listed=_sets, is_there=st.booleans(), cuts=st.lists(st.integers(0, 2000), max_size=5))
@example(listed=[{**OWN, "d": "AQAB"}], is_there=False, cuts=[])
@example(listed=[{**OWN, "n": 4000 * "A" + "AQ"}], is_there=True, cuts=[5])
@example(listed=[{**STRANGERS, "e": OWN["n"]}], is_there=True, cuts=[])
def test_whatever_else_is_in_a_key_set_the_clients_own_key_counts(
    keys: KeyServer,
    hosted: MockOkta,
    caller: Client,
    listed: list[Any],
    is_there: bool,  # noqa: FBT001 -- an example's own
    cuts: list[int],
) -> None:
    body = json.dumps({"keys": [*listed, *([OWN] if is_there else [])]}).encode()
    keys.pieces = pieces_of(_sent(body), cuts)

    reply = caller.send("POST", TOKEN, [FORM], _form(hosted))

    assert reply.status in (200, 401), reply.body
    if is_there:
        assert reply.status == 200, reply.body
    elif not any(_is_own(each) for each in listed):
        assert reply.json()["error"] == "invalid_client"
    event(f"{reply.status}")


def _is_own(key: Any) -> bool:
    return isinstance(key, Mapping) and (key.get("n"), key.get("e")) == (OWN["n"], OWN["e"])


_heads = st.sampled_from(
    (
        b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Encoding: br",
        b"Content-Encoding: zstd", b"Content-Encoding: none", b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked", b"Content-Length: 5", b"Content-Length: -1",
        b"Content-Length: 99999999999999999999", b"Content-Type: text/html; charset=none",
        b"Content-Type: \xff", b"Set-Cookie: \xff=\xff; Path=\x01", b"Set-Cookie: a=b; Expires=x",
        b"Location: \xff", b"Location: http://[", b"Location: file:///etc/passwd", b"Location: //",
        b"Location: http://\xff/", b"Location: http://a..b/", b"Location: http://x:99999/",
        b"Location: http://127.0.0.1:1/", b"Location: http://u:p@127.0.0.1:1/", b"Location: ",
        b"Location: data:,x", b"Connection: upgrade\r\nUpgrade: h2c", b"X: " + 9000 * b"y",
        b"no colon", b" folded", b"X\x00: y", 200 * b"a: b\r\n" + b"a: b",
    )
)  # fmt: skip
_lines = st.sampled_from(
    (
        b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.0 200 OK", b"HTTP/2 200", b"HTTP/1.1 100 C",
        b"HTTP/1.1 101 S", b"HTTP/1.1 204 N", b"HTTP/1.1 206 P", b"HTTP/1.1 301 M",
        b"HTTP/1.1 302 F", b"HTTP/1.1 307 T", b"HTTP/1.1 304 N", b"HTTP/1.1 401 U",
        b"HTTP/1.1 500 I", b"HTTP/1.1 999 X", b"HTTP/1.1 2xx OK", b"HTTP/1.1 -1 OK", b"", b"\xff",
        b"HTTP/1.1 200 \xff", b"ICY 200 OK",
    )
)  # fmt: skip
_bodies = st.one_of(
    st.sampled_from((KEYS, gzip.compress(KEYS), zlib.compress(KEYS), KEYS[:-1], b"", b"\xff\xfe")),
    st.sampled_from((b"5\r\nabc", b"0\r\n\r\n", b"zz\r\n", b"\xef\xbb\xbf" + KEYS, b"NaN")),
    st.binary(max_size=80),
    json_values.map(lambda value: json.dumps(value).encode()),
    json_values.map(lambda value: json.dumps({"keys": value}).encode()),
)


@HOSTED
@given(
    line=_lines,
    heads=st.lists(_heads, max_size=3),
    body=_bodies,
    cuts=st.lists(st.integers(0, 300), max_size=4),
)
@example(line=b"HTTP/1.1 302 F", heads=[b"Location: http://a..b/"], body=b"", cuts=[])
@example(line=b"HTTP/1.1 200 OK", heads=[b"Content-Encoding: gzip"], body=b"\xff\xfe", cuts=[])
def test_whatever_a_key_server_sends_is_keys_or_a_refusal(
    keys: KeyServer,
    hosted: MockOkta,
    caller: Client,
    line: bytes,
    heads: list[bytes],
    body: bytes,
    cuts: list[int],
) -> None:
    keys.pieces = pieces_of(b"\r\n".join((line, *heads, b"", body)), cuts)

    reply = caller.send("POST", TOKEN, [FORM], _form(hosted))

    assert (reply.status, *sorted(reply.json())) in (
        (200, "access_token", "expires_in", "scope", "token_type"),
        (401, "error", "error_description"),
    ), reply.body
    event(f"{reply.status}")


def test_while_many_wait_for_a_slow_key_server_others_sign_in(
    keys: KeyServer, hosted: MockOkta, caller: Client
) -> None:
    keys.pieces = ()
    with ExitStack() as stack:
        waiting = [stack.enter_context(dialed(hosted.url)) for _ in range(WAITING)]
        for connection in waiting:
            connection.sendall(post(TOKEN, FORM[1], _form(hosted)))
        for _ in waiting:
            assert keys.waiting.acquire(timeout=PATIENCE)

        assert Person(hosted, caller).tokens(SPA, {}, None)["access_token"]

        assert {end_of(connection).status for connection in waiting} == {401}

"""Bytes on bare sockets: broken HTTP, chunks, requests within requests, invalid text."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.inputs import EXAMPLES, FUZZED
from tests.fuzz.sockets import Raw, conversation, get, pieces_of, post
from tests.visiting import LOGIN, PASSWORD

# Each has a connection of its own, and some a moment in which nothing comes.
SOCKETS = settings(FUZZED, max_examples=max(60, EXAMPLES // 5))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TOKEN, AUTHN = "/oauth2/default/v1/token", "/api/v1/authn"
CREDENTIALS = json.dumps({"username": LOGIN, "password": PASSWORD}).encode()
LAST = get("/nowhere", "Connection: close")
HIDDEN = get("/.well-known/okta-organization", "Connection: close")


def _statuses(answers: list[Raw]) -> list[int]:
    assert all(answer.is_ours for answer in answers), answers
    return [answer.status for answer in answers]


def _chunked(body: bytes, sizes: list[int]) -> bytes:
    """The body in chunks of these sizes, the rest in one more."""
    chunks = []
    for size in sizes:
        chunks.append(body[:size])
        body = body[size:]
    chunks = [chunk for chunk in (*chunks, body) if chunk]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


CHUNKED_HEAD = (
    f"POST {AUTHN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\n"
    "Transfer-Encoding: chunked\r\n\r\n"
).encode()
WHOLE = {
    "a page": (get("/signin"), 200),
    "metadata": (get("/.well-known/okta-organization"), 200),
    "nothing there": (get("/nowhere"), 404),
    "a token request of nobody": (post(TOKEN, FORM, b"grant_type=password"), 401),
    "a sign-in": (post(AUTHN, JSON, CREDENTIALS), 200),
    "a sign-in in chunks": (CHUNKED_HEAD + _chunked(CREDENTIALS, [1, 2, 30]), 200),
}


@SOCKETS
@given(
    names=st.lists(st.sampled_from(sorted(WHOLE)), min_size=1, max_size=6),
    cuts=st.lists(st.integers(0, 4000), max_size=12),
)
@example(names=sorted(WHOLE), cuts=list(range(400)))
def test_requests_in_any_pieces_are_answered_each_and_in_their_order(
    fuzzed: MockOkta, names: list[str], cuts: list[int]
) -> None:
    sent = b"".join(WHOLE[name][0] for name in names) + LAST

    answers = conversation(fuzzed.url, *pieces_of(sent, cuts))

    assert _statuses(answers) == [*(WHOLE[name][1] for name in names), 404]


@SOCKETS
@given(sizes=st.lists(st.integers(1, 40), max_size=20), cuts=st.lists(st.integers(0, 999)))
def test_a_body_in_any_chunks_is_the_same_body(
    fuzzed: MockOkta, sizes: list[int], cuts: list[int]
) -> None:
    sent = CHUNKED_HEAD + _chunked(CREDENTIALS, sizes) + LAST

    signed_in, _ = conversation(fuzzed.url, *pieces_of(sent, cuts))

    assert json.loads(signed_in.body)["status"] == "SUCCESS"


def _framed(*lines: str, body: bytes = b"") -> bytes:
    head = [f"POST {TOKEN} HTTP/1.1", "Host: localhost", f"Content-Type: {FORM}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


# What one server takes for the end of a request, and another does not (RFC 9112 6.1, 6.3, 11.2).
CHUNKED, END = "Transfer-Encoding: chunked", b"0\r\n\r\n"
SMUGGLED: Mapping[str, bytes] = {
    "length and chunks": _framed("Content-Length: 5", CHUNKED, body=END),
    "chunks and length": _framed(CHUNKED, "Content-Length: 5", body=END),
    "chunks and a length of all": _framed(
        CHUNKED, f"Content-Length: {len(END + HIDDEN)}", body=END
    ),
    "two lengths": _framed("Content-Length: 0", f"Content-Length: {len(HIDDEN)}"),
    "two lengths in one": _framed(f"Content-Length: 0, {len(HIDDEN)}"),
    "a signed length": _framed("Content-Length: +0"),
    "a negative length": _framed("Content-Length: -1"),
    "a length in sixteens": _framed("Content-Length: 0x0"),
    "a length with an underscore": _framed("Content-Length: 0_0"),
    "a length of other digits": _framed("Content-Length: \u0660"),
    "a length in two": _framed("Content-Length: 0 0"),
    "no length": _framed("Content-Length: "),
    "a space before the colon": _framed("Transfer-Encoding : chunked", body=END),
    "a space before the length's colon": _framed(f"Content-Length : {len(HIDDEN)}"),
    "a folded header": _framed("Transfer-Encoding:", " chunked", body=END),
    "a header that is folded into another": _framed("X: y", " Transfer-Encoding: chunked"),
    "another coding": _framed("Transfer-Encoding: xchunked", body=END),
    "chunked is not last": _framed("Transfer-Encoding: chunked, identity", body=END),
    "chunked twice": _framed("Transfer-Encoding: chunked, chunked", body=END),
    "two codings in two": _framed(CHUNKED, "Transfer-Encoding: identity", body=END),
    "a quoted coding": _framed('Transfer-Encoding: "chunked"', body=END),
    "a coding after a line feed": _framed("X: y\nTransfer-Encoding: chunked", body=END),
    "a return within a value": _framed("X: y\rTransfer-Encoding: chunked", body=END),
    "a zero byte within a value": _framed("X: y\0", CHUNKED, body=END),
    "a vertical tab": _framed("Transfer-Encoding:\x0bchunked", body=END),
    "chunks in HTTP/1.0": _framed(CHUNKED, body=END).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "a chunk size in another form": _framed(CHUNKED, body=b"0x0\r\n\r\n"),
    "a signed chunk size": _framed(CHUNKED, body=b"+0\r\n\r\n"),
    "a negative chunk size": _framed(CHUNKED, body=b"-1\r\n\r\n"),
    "a chunk size with an underscore": _framed(CHUNKED, body=b"0_0\r\n\r\n"),
    "a chunk size that overflows": _framed(CHUNKED, body=b"1" + 16 * b"0" + b"\r\n\r\n"),
    "no chunk size": _framed(CHUNKED, body=b"\r\n\r\n"),
    "a chunk that is longer than it says": _framed(CHUNKED, body=b"1\r\nab\r\n" + END),
    "line feeds alone": _framed(CHUNKED, body=b"0\n\n"),
    "a line feed in an extension": _framed(CHUNKED, body=b"0;a\nb\r\n\r\n"),
    "a trailer that is none": _framed(CHUNKED, body=b"0\r\nno trailer\r\n\r\n"),
}


@pytest.mark.parametrize("outer", SMUGGLED.values(), ids=SMUGGLED)
def test_a_request_whose_end_is_in_doubt_ends_the_connection(
    fuzzed: MockOkta, outer: bytes
) -> None:
    assert _statuses(conversation(fuzzed.url, outer + HIDDEN)) == [400]


def test_where_the_end_is_clear_the_next_request_is_answered(fuzzed: MockOkta) -> None:
    """Without this the test above would hold for a server that never answers a second time."""
    for outer in (_framed("Content-Length: 0"), _framed(CHUNKED, body=END)):
        assert _statuses(conversation(fuzzed.url, outer + HIDDEN))[1:] == [200]


_octets = st.binary(max_size=40)
_spliced = st.sampled_from(
    (
        b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"\xff", b"\xc3\x28", b"\x80",
        b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"ffffffff\r\n",
        b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"HTTP/0.9",
        b"Host: \xff\r\n", b"Host: a\r\nHost: b\r\n", b"Connection: \xff\r\n", b"%", b"%ff", b"%00",
        b"Content-Encoding: gzip\r\n", b"Content-Encoding: deflate\r\n", b"Range: bytes=-1\r\n",
        b"Content-Type: multipart/form-data\r\n", b"Cookie: idx=\xff; =; \x01\r\n",
        b"If-Modified-Since: \xff\r\n", b"Authorization: Basic \xff\xfe\r\n", 300 * b"a: b\r\n",
    )
)  # fmt: skip


@SOCKETS
@given(
    whole=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 20), _octets | _spliced),
        min_size=1,
        max_size=4,
    ),
    cuts=st.lists(st.integers(0, 999), max_size=3),
)
def test_broken_requests_are_answered_in_our_words_or_not_at_all(
    fuzzed: MockOkta, whole: str, changes: list[tuple[int, int, bytes]], cuts: list[int]
) -> None:
    sent, _ = WHOLE[whole]
    for place, cut, put in changes:
        start = place % max(1, len(sent))
        sent = sent[:start] + put + sent[start + cut :]

    answers = conversation(fuzzed.url, *pieces_of(sent + LAST, cuts), ends=False)

    assert all(status < 500 for status in _statuses(answers)), answers
    event(f"{len(answers)} answers")


PLACES = {
    "path": b"GET /%b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "query": b"GET /signin?fromURI=%b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "widget": b"GET /okta-signin-widget/%b/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "method": b"%b / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "host": b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n",
    "cookie": b"GET /api/v1/sessions/me HTTP/1.1\r\nHost: localhost\r\nCookie: idx=%b\r\n\r\n",
    "origin": b"GET /api/v1/sessions/me HTTP/1.1\r\nHost: localhost\r\nOrigin: %b\r\n\r\n",
    "language": b"GET /signin HTTP/1.1\r\nHost: localhost\r\nAccept-Language: %b\r\n\r\n",
    "bearer": b"GET /oauth2/default/v1/userinfo HTTP/1.1\r\nHost: localhost\r\n"
    b"Authorization: Bearer %b\r\n\r\n",
    "DPoP": b"GET /oauth2/default/v1/userinfo HTTP/1.1\r\nHost: localhost\r\nDPoP: %b\r\n"
    b"Authorization: DPoP x\r\n\r\n",
    "expect": b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: %b\r\n\r\n",
    "control": b"GET /_mock/requests?path=%b HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
BODIES = {
    "form": (TOKEN, FORM, b"grant_type=%b&client_id=%b"),
    "form of another charset": (TOKEN, f"{FORM}; charset=utf-16", b"grant_type=%b&client_id=%b"),
    "form of no charset": (TOKEN, f"{FORM}; charset=none", b"grant_type=%b&client_id=%b"),
    "JSON": (AUTHN, JSON, b'{"username": "%b", "password": "%b"}'),
    "JSON of another charset": (AUTHN, f"{JSON}; charset=utf-7", b'{"username": "%b", "a": "%b"}'),
    "octets alone": (AUTHN, JSON, b"%b%b"),
    "parts": (TOKEN, "multipart/form-data; boundary=x", b"--x\r\n\r\n%b\r\n--x--%b"),
    "control": ("/_mock/faults", JSON, b'{"kind": "%b", "path": "%b"}'),
}


@SOCKETS
@given(place=st.sampled_from(sorted(PLACES)), octets=_octets | _spliced)
@example(place="query", octets=b"\xff\xfe")
@example(place="cookie", octets=b"\xed\xa0\x80")
def test_octets_that_are_no_text_are_answered_wherever_they_stand(
    fuzzed: MockOkta, place: str, octets: bytes
) -> None:
    answers = conversation(fuzzed.url, PLACES[place] % octets + LAST, ends=False)

    assert all(status < 500 for status in _statuses(answers)), answers


@SOCKETS
@given(kind=st.sampled_from(sorted(BODIES)), octets=_octets, others=_octets)
@example(kind="form", octets=b"%ff\xff", others=b"\0")
@example(kind="JSON", octets=b"\\ud800", others=b"\xed\xa0\x80")
def test_bodies_that_are_no_text_are_answered(
    fuzzed: MockOkta, kind: str, octets: bytes, others: bytes
) -> None:
    target, content_type, template = BODIES[kind]

    answers = conversation(
        fuzzed.url, post(target, content_type, template % (octets, others)) + LAST
    )

    first, last = _statuses(answers)
    assert 400 <= first < 500 or kind == "octets alone"
    assert last == 404

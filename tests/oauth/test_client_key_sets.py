"""Key sets from a client's server: in pieces, too deep, too large, too slow, or not at all."""

import asyncio
import base64
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.oauth.holding import with_long_exponent
from tests.visiting import Answer, Visitor

KEY = rsa.generate_private_key(65537, 2048)
CLIENT = "0oa1fet00000000000h7"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
OWN = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
SLOW = with_long_exponent(KEY)
SLOW_OWN = jwt.algorithms.RSAAlgorithm.to_jwk(SLOW.public_key(), as_dict=True)
KEYS = json.dumps({"keys": [OWN]}).encode()
LARGEST = 256 * 1024
DEEP = b"[" * 100_000

Send = Callable[[asyncio.StreamWriter], Awaitable[None]]


def _head(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    sent = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *lines]
    return "\r\n".join([*sent, "", ""]).encode()


async def _in_turns(writer: asyncio.StreamWriter, *pieces: bytes) -> None:
    """Send each piece once the event loop, which the org runs in too, has dealt with the last."""
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        for _ in range(50):
            await asyncio.sleep(0)


def whole(body: bytes, *lines: str, status: str = "200 OK") -> Send:
    return lambda writer: _in_turns(writer, _head(body, *lines, status=status) + body)


def in_two(body: bytes) -> Send:
    return lambda writer: _in_turns(writer, _head(body) + body[:100], body[100:])


def head_first(body: bytes) -> Send:
    return lambda writer: _in_turns(writer, _head(body), body)


def octet_by_octet(body: bytes) -> Send:
    octets = [body[i : i + 1] for i in range(len(body))]
    return lambda writer: _in_turns(writer, _head(body), *octets)


def in_chunks(body: bytes) -> Send:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:], b"")]
    return lambda writer: _in_turns(writer, head, *chunks)


def moved(then: bytes) -> Send:
    """Send the caller on to the same server, which then gives the keys."""
    answers = iter([_head(b"", "Location: /moved", status="302 Found"), _head(then) + then])
    return lambda writer: _in_turns(writer, next(answers))


def moved_for_ever() -> Send:
    answer = _head(b"", "Location: /", status="302 Found")
    return lambda writer: _in_turns(writer, answer)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" " * 65536)
        await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    """Say that there is a body, and never send it: the server waits until the org hangs up."""
    writer.write(_head(KEYS))


@asynccontextmanager
async def _key_server(send: Send) -> AsyncIterator[str]:
    """A server of the client's; its URL."""

    answering = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            await send(writer)
            if send is silent:
                await reader.read()
        except OSError:  # the org hung up
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await asyncio.gather(*filter(None, answering))


async def _ask(visitor: Visitor, send: Send, key: rsa.RSAPrivateKey = KEY) -> Answer:
    """Ask for a token as a client whose keys are at a server that sends so."""
    async with _key_server(send) as uri:
        client = {
            "name": "Fetched",
            "type": "service",
            "client_id": CLIENT,
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks_uri": uri,
        }
        assert (await visitor.ask("PUT", "/_mock/seed", json={"clients": [client]})).status == 200
        return await _token(visitor, _assertion(visitor, key))


def _assertion(visitor: Visitor, key: rsa.RSAPrivateKey = KEY) -> str:
    now = visitor.org.clock.epoch()
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": visitor.url("token"), "exp": now + 300}
    return jwt.encode(claims, key, "RS256")


async def _token(visitor: Visitor, assertion: str) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "scope": "messages.read",
        "client_assertion_type": TYPE,
        "client_assertion": assertion,
    }
    return await visitor.post("token", form)


async def _is_refused(
    visitor: Visitor, send: Send, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    answer = await _ask(visitor, send)
    description = "The client_assertion signature is invalid."
    assert answer.status == 401
    assert answer.json() == {"error": "invalid_client", "error_description": description}
    assert why in caplog.text


@pytest.mark.parametrize(
    "send",
    [
        whole(KEYS),
        in_two(KEYS),
        head_first(KEYS),
        octet_by_octet(KEYS),
        in_chunks(KEYS),
        whole(gzip.compress(KEYS), "Content-Encoding: gzip"),
        in_two(KEYS.ljust(LARGEST)),
        in_two(json.dumps({"keys": [OWN | {"kid": f"z{i}"} for i in range(250)]}).encode()),
    ],
)
async def test_a_key_set_is_read_to_its_end_in_however_many_pieces_it_comes(
    visitor: Visitor, send: Send
) -> None:
    answer = await _ask(visitor, send)
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("private", [{"d": "BQ"}, {"d": "BQ", "p": "Aw"}, {"p": 5}, {"k": "BQ"}])
async def test_of_a_key_only_what_is_public_is_read(
    visitor: Visitor, private: dict[str, object]
) -> None:
    """The search for the primes of a wrong `d` takes minutes, in which nobody else is served."""
    keys = json.dumps({"keys": [OWN | private]}).encode()
    assert (await _ask(visitor, whole(keys))).status == 200


async def test_a_key_that_takes_long_to_verify_with_is_left_out(visitor: Visitor) -> None:
    keys = json.dumps({"keys": [SLOW_OWN, OWN]}).encode()
    assert (await _ask(visitor, whole(keys), SLOW)).status == 401
    assert (await _ask(visitor, whole(keys))).status == 200


async def test_a_key_set_that_moved_is_found(visitor: Visitor) -> None:
    assert (await _ask(visitor, moved(KEYS))).status == 200


@pytest.mark.parametrize(
    ("send", "why"),
    [
        (whole(b'{"keys":' + DEEP), "RecursionError"),
        (whole(b'{"keys":[{"kty":"RSA","n":' + b"[" * 900 + b"]" * 900 + b"}]}"), "no key of"),
        (in_two(KEYS.ljust(LARGEST + 1)), f"more than {LARGEST} octets"),
        (endless, f"more than {LARGEST} octets"),
        (
            whole(gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip"),
            f"more than {LARGEST} octets",
        ),
        (whole(KEYS[:-1]), "JSONDecodeError"),
        (whole(b""), "JSONDecodeError"),
        (whole('{"keys":[]}'.encode("utf-16")), "no key of"),
        (whole(b"\xff\xfe\xfd"), "UnicodeDecodeError"),
        (whole(b"[]"), "TypeError"),
        (whole(b"{}"), "KeyError"),
        (whole(b'{"keys":5}'), "TypeError"),
        (whole(b'{"keys":{"a":1}}'), "no key of"),
        (whole(b'{"keys":[{"kty":"RSA","n":' + b"9" * 5000 + b"}]}"), "ValueError"),
        (whole(KEYS, status="500 Out Of Order"), "500"),
        (whole(KEYS, "Content-Encoding: gzip"), "gives no keys"),
        (moved_for_ever(), "TooManyRedirects"),
        (lambda writer: _in_turns(writer, b"no HTTP\r\n\r\n"), "gives no keys"),
        (lambda writer: _in_turns(writer, _head(KEYS) + KEYS[:-1]), "gives no keys"),
        (_in_turns, "gives no keys"),
    ],
)
async def test_what_gives_no_keys_is_a_bad_signature_and_the_log_says_why(
    visitor: Visitor, send: Send, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    await _is_refused(visitor, send, why, caplog)


async def test_a_key_set_that_does_not_come_is_waited_for_five_seconds(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(30):
        await _is_refused(visitor, silent, "TimeoutError", caplog)


@pytest.mark.parametrize("part", [0, 1])
async def test_json_too_deep_in_an_assertion_is_a_refusal_too(visitor: Visitor, part: int) -> None:
    parts = _assertion(visitor).split(".")
    parts[part] = base64.urlsafe_b64encode(DEEP[:6000]).decode().rstrip("=")
    deep = ".".join(parts)
    answer = await _token(visitor, deep)
    description = "The parsing of the client_assertion failed."
    assert answer.status == 401
    assert answer.json() == {"error": "invalid_client", "error_description": description}
    assert await visitor.introspect(deep) == {"active": False}

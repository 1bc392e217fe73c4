"""`python -m mock_okta_demo`, in a process of its own."""

import asyncio
import os
import signal
import socket
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import trustme

pytestmark = pytest.mark.process

REPOSITORY = Path(__file__).parents[2]
OPTIONS = (
    "--issuer",
    "http://localhost:8700/oauth2/default",
    "--client-id",
    "0oa1spa00000000000h7",
)
FREE_PORTS = ("--port", "0", "--api-port", "0")


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "mock_okta_demo", *arguments),
        stdout=PIPE,
        stderr=PIPE,
        cwd=REPOSITORY,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def announced(process: Process) -> dict[str, str]:
    """Where the command says that page and API are; the line about the API is its last."""
    assert process.stdout
    found: dict[str, str] = {}
    async with asyncio.timeout(20):
        while "api" not in found:
            kind, url, *_ = (await process.stdout.readline()).decode().split()
            found.setdefault(kind, url)
    return found


async def said(process: Process) -> tuple[int | None, list[str]]:
    async with asyncio.timeout(20):
        _, errors = await process.communicate()
    return process.returncode, errors.decode().splitlines()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_it_serves_page_and_api_and_stops_when_told(number: signal.Signals) -> None:
    async with command(*OPTIONS, *FREE_PORTS) as process:
        urls = await announced(process)
        async with aiohttp.ClientSession() as http:
            async with http.get(urls["page"]) as page:
                assert page.status == 200
            async with http.get(urls["api"]) as messages:
                assert messages.status == 401
        process.send_signal(number)
        assert await said(process) == (0, [])


async def test_it_bears_the_cookies_of_all_ports_of_localhost() -> None:
    async with command(*OPTIONS, *FREE_PORTS) as process:
        urls = await announced(process)
        headers = {"Cookie": "; ".join(f"c{number}={'x' * 4000}" for number in range(12))}
        async with aiohttp.ClientSession() as http:
            for url, status in ((urls["page"], 200), (urls["api"], 401)):
                async with http.get(url, headers=headers) as response:
                    assert response.status == status


async def test_it_serves_https_with_a_certificate_and_warns_of_an_issuer_on_http(
    tmp_path: Path,
) -> None:
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    certificate, key = tmp_path / "leaf.pem", tmp_path / "key.pem"
    certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    key.write_bytes(leaf.private_key_pem.bytes())
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    async with command(*OPTIONS, *FREE_PORTS, *tls) as process:
        urls = await announced(process)
        async with aiohttp.ClientSession() as http:
            for url in urls.values():
                assert url.startswith("https://localhost:")
                async with http.get(url, ssl=trust) as response:
                    assert response.status in {200, 401}
        process.terminate()
        status, errors = await said(process)
        assert status == 0
        assert len(errors) == 1
        assert "do not send the session cookie" in errors[0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "mock_okta_demo: ISSUER is not set"),
        (("--bogus",), "mock_okta_demo: unrecognized arguments: --bogus"),
        ((*OPTIONS, "--port", "x"), "mock_okta_demo: PORT must be a number"),
        (
            (*OPTIONS, "--tls-cert", __file__, "--tls-key", __file__),
            "mock_okta_demo: TLS_CERT and TLS_KEY",
        ),
    ],
)
async def test_a_mistake_is_one_line_and_a_failure(arguments: tuple[str, ...], line: str) -> None:
    async with command(*arguments) as process:
        status, errors = await said(process)
    assert status == 2
    assert len(errors) == 1
    assert errors[0].startswith(line)


@pytest.mark.parametrize("option", ["--port", "--api-port"])
async def test_a_port_that_is_taken_is_named(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with command(*OPTIONS, *FREE_PORTS, option, port) as process:
            status, errors = await said(process)
    assert status == 2
    assert len(errors) == 1
    assert port in errors[0]
    assert "in use" in errors[0]

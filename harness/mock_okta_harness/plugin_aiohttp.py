"""Fixtures beside those of pytest-aiohttp: an org inside the test's own event loop."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest_asyncio
from aiohttp import TCPConnector
from aiohttp.test_utils import BaseTestServer
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.test_utils import TestClient
    from aiohttp.web import BaseRunner, Request
    from pytest_aiohttp import AiohttpClient

    from mock_okta import Config, KeyPool, MockOkta


class _OrgServer(BaseTestServer):
    """An org that already serves, as `aiohttp_client` wants a server to be."""

    def __init__(self, org: MockOkta) -> None:
        root = URL(org.url)
        super().__init__(scheme=root.scheme, host=root.host or "", port=root.port)
        self._root = root

    async def start_server(self, *_: object, **__: object) -> None:
        """Do nothing: the org serves already, and is stopped by who started it."""

    async def _make_runner(self, **_: object) -> BaseRunner:
        raise NotImplementedError("The org has a runner of its own.")


@pytest_asyncio.fixture
async def okta_org_in_loop(
    okta_config: Config, okta_key_pool: KeyPool | None
) -> AsyncIterator[MockOkta]:
    """An org of this test alone, in the test's own event loop.

    Its control API is driven by `okta_client`; `mock_okta_harness.control` blocks, so it needs
    `asyncio.to_thread`.
    """
    from mock_okta import MockOkta  # noqa: PLC0415 -- only what starts an org imports the server

    async with MockOkta(okta_config, key_pool=okta_key_pool) as org:
        yield org


@pytest_asyncio.fixture
async def okta_client(
    okta_org_in_loop: MockOkta, aiohttp_client: AiohttpClient
) -> TestClient[Request, None]:
    """An HTTP client of the org in this test's event loop: paths are relative to the org's URL."""
    if okta_org_in_loop.url.startswith("http:"):
        return await aiohttp_client(_OrgServer(okta_org_in_loop))
    trust = ssl.create_default_context(cafile=okta_org_in_loop.ca_path)
    connector = TCPConnector(ssl=trust)
    return await aiohttp_client(_OrgServer(okta_org_in_loop), connector=connector)

"""Fixtures for pytest-aiohttp: an org inside the test's own event loop."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import pytest_asyncio
from aiohttp import TCPConnector
from aiohttp.test_utils import BaseTestServer
from yarl import URL

from mock_okta_harness.control import Control
from mock_okta_harness.plugin.options import keeps_keys
from mock_okta_harness.plugin.per_test import OrgOfATest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest
    from aiohttp.test_utils import TestClient
    from aiohttp.web import BaseRunner, Request
    from pytest_aiohttp import AiohttpClient

    from mock_okta import Config, KeyPool, MockOkta


class _OrgServer(BaseTestServer):
    """A running org as a server for `aiohttp_client`."""

    def __init__(self, org: MockOkta) -> None:
        root = URL(org.url)
        super().__init__(scheme=root.scheme, host=root.host or "", port=root.port)
        self._root = root

    async def start_server(self, *_: object, **__: object) -> None:
        """Do nothing: the org already serves, and the code that started it will stop it."""

    async def _make_runner(self, **_: object) -> BaseRunner:
        raise NotImplementedError("The org has a runner of its own.")


@pytest_asyncio.fixture
async def okta_org_in_loop(
    request: pytest.FixtureRequest, okta_config: Config, okta_key_pool: KeyPool | None
) -> AsyncIterator[MockOkta]:
    """An org for only this test, in the test's own event loop.

    Use its control API through `okta_client`; `mock_okta_harness.control` blocks, so it needs
    `asyncio.to_thread`.
    """
    from mock_okta import MockOkta  # noqa: PLC0415 -- only what starts an org imports the server
    from mock_okta_harness.running import in_memory_by_default  # noqa: PLC0415 -- as above

    pool = None if keeps_keys(request.config, okta_config.state_dir) else okta_key_pool
    async with MockOkta(in_memory_by_default(okta_config), key_pool=pool) as org:
        ca_file = org.ca_path if okta_config.tls else None
        control = Control(org.local_url, ca_file, okta_config.control_token)
        org_of_this_test = OrgOfATest(request.node, control, outlives_loop=False)
        await asyncio.to_thread(org_of_this_test.begin)
        yield org
        await asyncio.to_thread(org_of_this_test.end)


@pytest_asyncio.fixture
async def okta_client(
    okta_org_in_loop: MockOkta, aiohttp_client: AiohttpClient
) -> TestClient[Request, None]:
    """An HTTP client for the org in this test's event loop; paths are relative to the org's URL."""
    if okta_org_in_loop.url.startswith("http:"):
        return await aiohttp_client(_OrgServer(okta_org_in_loop))
    trust = ssl.create_default_context(cafile=okta_org_in_loop.ca_path)
    connector = TCPConnector(ssl=trust)
    return await aiohttp_client(_OrgServer(okta_org_in_loop), connector=connector)

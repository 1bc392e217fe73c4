"""The issuer, the API and its client, all in the test's own event loop."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from mock_okta_demo import Settings, build_api
from tests.demo_app.issuing import CLIENT_ID, PATH, Issuer, Key

ServerFactory = Callable[..., Awaitable[TestServer]]
ClientFactory = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]
Ask = Callable[..., Awaitable[ClientResponse]]


@pytest.fixture(scope="session")
def key() -> Key:
    return Key("first")


@pytest.fixture(scope="session")
def other_key() -> Key:
    return Key("second")


@pytest.fixture
async def issuer(key: Key, aiohttp_server: ServerFactory) -> Issuer:
    issuer = Issuer(keys=[key])
    server = await aiohttp_server(issuer.app())
    issuer.url = str(server.make_url(PATH))
    return issuer


@pytest.fixture
def settings(issuer: Issuer) -> Settings:
    """Override: the settings of the API."""
    return Settings(
        issuer=issuer.url,
        client_id=CLIENT_ID,
        widget_url="http://localhost:8700/okta-signin-widget",
        key_refetch_interval=timedelta(0),
    )


@pytest.fixture
def ask(settings: Settings, aiohttp_client: ClientFactory) -> Ask:
    """Ask the API for messages: with a token, or with an Authorization header as it stands.

    Settings can be changed before the first question.
    """
    clients: list[TestClient[web.Request, web.Application]] = []

    async def asked(
        token: str | None = None,
        authorization: str | None = None,
        origin: str | None = None,
        **changes: Any,
    ) -> ClientResponse:
        if not clients:
            clients.append(await aiohttp_client(build_api(replace(settings, **changes))))
        authorization = authorization if token is None else f"Bearer {token}"
        headers = {"Authorization": authorization, "Origin": origin}
        given = {name: value for name, value in headers.items() if value is not None}
        return await clients[0].get("/api/messages", headers=given)

    return asked

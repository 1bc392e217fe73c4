"""The page as it leaves the server."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from mock_okta_demo import Settings, build_page
from mock_okta_demo.pages import GENERATIONS, STATIC
from tests.demo_app.conftest import ClientFactory

Client = TestClient[web.Request, web.Application]
SETTINGS = Settings(
    issuer="http://localhost:8700/oauth2/default",
    client_id="0oa1spa00000000000h7",
    widget_url="http://localhost:8701/okta-signin-widget",
)
IDS = {
    "okta-login-container",
    "greeting",
    "status",
    "error",
    "get-messages",
    "renew-tokens",
    "sign-out",
    "messages",
    "claims",
    "tokens-verified",
}


class Reader(HTMLParser):
    """What a page holds: ids, addresses, the attributes of its body, and its configuration."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.body: dict[str, str | None] = {}
        self.inline: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.addresses += [given[name] or "" for name in ("src", "href") if name in given]
        self.body = given if tag == "body" else self.body
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append(data)

    def handle_endtag(self, _: str) -> None:
        self._in_script = False

    def config(self) -> dict[str, Any]:
        (text,) = self.inline
        config: dict[str, Any] = json.loads(text)
        return config


@pytest.fixture
async def page(aiohttp_client: ClientFactory) -> Client:
    return await aiohttp_client(build_page(SETTINGS))


async def read(client: Client, path: str) -> Reader:
    response = await client.get(path)
    assert response.status == 200
    return Reader(await response.text())


@pytest.mark.parametrize("path", ["/", "/v2", "/v5", "/v7", "/login"])
async def test_every_page_has_the_same_parts(page: Client, path: str) -> None:
    found = await read(page, path)
    assert found.ids >= IDS
    assert found.body["data-state"] == "loading"


@pytest.mark.parametrize(
    ("path", "version", "file"),
    [
        ("/", "3.2.2", "okta-sign-in.min.js"),
        ("/v2", "2.21.0", "okta-sign-in.min.js"),
        ("/v5", "5.16.1", "okta-sign-in.min.js"),
        ("/v7", "7.49.0", "okta-sign-in.oie.min.js"),
        ("/login", "3.2.2", "okta-sign-in.min.js"),
    ],
)
async def test_each_page_loads_its_release_of_the_widget(
    page: Client, path: str, version: str, file: str
) -> None:
    found = await read(page, path)
    base = f"http://localhost:8701/okta-signin-widget/{version}"
    assert f"{base}/js/{file}" in found.addresses
    assert f"{base}/css/okta-sign-in.min.css" in found.addresses
    assert found.config()["version"] == version


@pytest.mark.parametrize("path", ["/", "/v2", "/v5", "/v7"])
async def test_each_page_is_its_own_redirect_uri(page: Client, path: str) -> None:
    config = (await read(page, path)).config()
    assert config["redirectUri"] == f"http://localhost:9000{path}"


async def test_the_sign_in_page_apart_sends_the_user_to_the_app(page: Client) -> None:
    config = (await read(page, "/login")).config()
    assert config["redirectUri"] == "http://localhost:9000/"
    assert config["path"] == "/login"


async def test_the_widget_is_given_an_origin_as_base_url_and_the_whole_issuer(
    page: Client,
) -> None:
    config = (await read(page, "/")).config()
    assert config["org"] == "http://localhost:8700"
    assert config["issuer"] == "http://localhost:8700/oauth2/default"
    assert config["endpoints"] == "http://localhost:8700/oauth2/default/v1"
    assert config["messages"] == "http://localhost:9001/api/messages"


async def test_the_page_asks_for_every_scope_the_api_wants(aiohttp_client: ClientFactory) -> None:
    settings = replace(SETTINGS, required_scopes=("openid", "messages.read"))
    config = (await read(await aiohttp_client(build_page(settings)), "/")).config()
    assert config["scopes"] == ["openid", "profile", "email", "messages.read"]


async def test_the_org_authorization_server_has_its_endpoints_below_oauth2(
    aiohttp_client: ClientFactory,
) -> None:
    settings = replace(SETTINGS, issuer="http://localhost:8700")
    config = (await read(await aiohttp_client(build_page(settings)), "/v2")).config()
    assert config["endpoints"] == "http://localhost:8700/oauth2/v1"


async def test_settings_cannot_break_out_of_the_page(aiohttp_client: ClientFactory) -> None:
    hostile = "</script><script>alert(1)</script><!-- \" ' &"
    settings = replace(SETTINGS, client_id=hostile, issuer=f"http://localhost:8700/{hostile}")
    client = await aiohttp_client(build_page(settings))
    found = await read(client, "/")
    assert found.config()["clientId"] == hostile
    assert found.config()["issuer"] == settings.issuer
    assert "alert(1)</script>" not in await (await client.get("/")).text()


@pytest.mark.parametrize("path", ["/", "/v2", "/v5", "/v7", "/login"])
async def test_pages_ask_nobody_but_the_org_the_widget_and_the_api(page: Client, path: str) -> None:
    response = await page.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert set(re.findall(r"https?://[^\s;]+", policy)) == {
        "http://localhost:8700",
        "http://localhost:8701",
        "http://localhost:9001",
    }
    addresses = set(Reader(await response.text()).addresses) - {SETTINGS.console_url}
    assert all(address.startswith(("/", "http://localhost:8701/")) for address in addresses)


@pytest.mark.parametrize(
    ("path", "allowed"), [("/", True), ("/v2", True), ("/v5", False), ("/v7", False)]
)
async def test_only_the_releases_that_compile_their_templates_may_evaluate(
    page: Client,
    path: str,
    allowed: bool,  # noqa: FBT001 -- a parameter of the table
) -> None:
    policy = (await page.get(path)).headers["Content-Security-Policy"]
    assert ("'unsafe-eval'" in policy) is allowed


@pytest.mark.parametrize("file", sorted(file.name for file in STATIC.iterdir()))
async def test_static_files_are_served_as_what_they_are(page: Client, file: str) -> None:
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    response = await page.get(f"/static/{file}")
    assert response.status == 200
    assert response.content_type in {types[file.rpartition(".")[2]], "application/javascript"}
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda generation: generation.version)
async def test_every_page_links_to_every_other(page: Client, generation: Any) -> None:
    found = await read(page, generation.path)
    assert {other.path for other in GENERATIONS} <= set(found.addresses)


@pytest.mark.parametrize(
    ("generation", "script"), [("2", "okta-sign-in.oie.min.js"), ("3", "okta-sign-in.next.js")]
)
async def test_the_newest_release_signs_in_by_the_identity_engine(
    aiohttp_client: ClientFactory, generation: str, script: str
) -> None:
    settings = replace(SETTINGS, engine="identity", widget_generation=generation)
    client = await aiohttp_client(build_page(settings))
    found = await read(client, "/v7")
    assert f"{SETTINGS.widget_url}/7.49.0/js/{script}" in found.addresses
    assert "/static/v7.js" in found.addresses
    options = found.config()["options"]
    assert (options["useClassicEngine"], options["authScheme"]) == (False, "OAUTH2")
    assert "offline_access" in found.config()["scopes"]
    assert "/static/v5.js" in (await read(client, "/v5")).addresses
    assert "offline_access" not in (await read(client, "/")).config()["scopes"]


async def test_the_newest_release_can_sign_in_by_classic_engine(
    aiohttp_client: ClientFactory,
) -> None:
    client = await aiohttp_client(build_page(replace(SETTINGS, engine="classic")))
    found = await read(client, "/v7")
    assert f"{SETTINGS.widget_url}/7.49.0/js/okta-sign-in.classic.min.js" in found.addresses
    assert found.config()["options"]["useClassicEngine"] is True

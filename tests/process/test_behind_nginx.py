"""Two replicas of one org behind nginx, with one public URL: any of them may answer.

nginx runs the file of our deployment, and takes turns.
"""

import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.sync_api import Page, Response

from mock_okta import Config, KeyPool, MockOkta
from mock_okta_harness.pages import HostedSignInPage
from tests.storage.redis_server import free_port, redis_server
from tests.tool_chains import needs
from tests.visiting import LOGIN, PASSWORD, SEED, Visitor

pytestmark = pytest.mark.process
OURS = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PATIENCE = 20.0


@contextmanager
def nginx(folder: Path, port: int, servers: list[str]) -> Iterator[None]:
    """Run nginx with the file of our docs, on that port and for these servers."""
    text = OURS.read_text().replace("listen 8700;", f"listen 127.0.0.1:{port};")
    text = text.replace("server okta:8700;", " ".join(f"server {each};" for each in servers))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    told = "add_header X-Replica $upstream_addr always;"
    text = text.replace("http {", f"http {{ {temporary} {told}", 1)
    file = folder / "nginx.conf"
    file.write_text(f"daemon off; pid {folder}/pid; error_log {folder}/errors;\n{text}")
    process = subprocess.Popen((needs("nginx"), "-e", str(folder / "errors"), "-c", str(file)))
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            assert process.poll() is None, (folder / "errors").read_text()
            assert time.monotonic() < until, (folder / "errors").read_text()
            time.sleep(0.01)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _listens(port: int) -> bool:
    try:
        with closing(create_connection(("127.0.0.1", port), 1)):
            return True
    except OSError:
        return False


@contextmanager
def replicated(storage: str, folder: Path, pool: KeyPool) -> Iterator[list[MockOkta]]:
    """Two replicas in threads of their own behind nginx; they share only the storage."""
    port = free_port()
    config = Config(
        seed=SEED,
        storage=storage,
        public_url=f"http://localhost:{port}",
        trusted_proxies=("127.0.0.1",),
    )
    with ExitStack() as stack:
        orgs = [stack.enter_context(MockOkta(config, key_pool=pool)) for _ in range(2)]
        stack.enter_context(nginx(folder, port, sorted(_places(orgs))))
        yield orgs


def _places(orgs: list[MockOkta]) -> set[str]:
    return {urlsplit(org.local_url).netloc for org in orgs}


@pytest.fixture(params=["sqlite", "redis"])
def orgs(
    request: pytest.FixtureRequest, tmp_path: Path, shared_pool: KeyPool
) -> Iterator[list[MockOkta]]:
    if request.param == "sqlite":
        with replicated(f"sqlite:{tmp_path / 'org.sqlite'}", tmp_path, shared_pool) as both:
            yield both
        return
    with (
        redis_server(tmp_path / "redis") as server,
        replicated(server.url(), tmp_path, shared_pool) as both,
    ):
        yield both


@pytest.fixture
async def visitor(orgs: list[MockOkta]) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Visitor(orgs[0], http)


async def test_a_whole_flow_alternates_between_replicas(
    visitor: Visitor, orgs: list[MockOkta]
) -> None:
    assert {org.url for org in orgs} == {visitor.org.url}
    asked = [await visitor.ask("GET", visitor.url("keys")) for _ in range(2)]
    assert {each.headers["X-Replica"] for each in asked} == _places(orgs)
    session = await visitor.sign_in()
    tokens = await visitor.tokens()
    assert await visitor.session_id() is not None
    assert session
    for _ in range(2):  # nginx takes turns: once each
        assert (await visitor.introspect(tokens["access_token"]))["active"] is True
    refreshed = await visitor.refresh(tokens["refresh_token"])
    assert refreshed.status == 200
    recorded = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    paths = [each["path"] for each in recorded]
    assert paths.count("/oauth2/default/v1/introspect") == 2
    assert {"/api/v1/authn", "/oauth2/default/v1/authorize"} < set(paths)


async def test_clock_faults_and_keys_are_the_orgs_and_not_a_replica_s(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    fault = {"kind": "status", "status": 503, "path": "*/v1/keys", "times": 3}
    assert (await visitor.ask("POST", "/_mock/faults", json=fault)).status < 300
    statuses = [(await visitor.ask("GET", visitor.url("keys"))).status for _ in range(5)]
    assert statuses == [503, 503, 503, 200, 200]
    body = {"authorization_server": "default"}
    assert (await visitor.ask("POST", "/_mock/keys/rotate", json=body)).status < 300
    sets = [(await visitor.ask("GET", visitor.url("keys"))).json() for _ in range(2)]
    assert sets[0] == sets[1]
    await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 7200})
    for _ in range(2):
        assert (await visitor.introspect(tokens["access_token"]))["active"] is False


async def test_a_replica_that_ends_is_not_missed(tmp_path: Path, shared_pool: KeyPool) -> None:
    port = free_port()
    storage, url = f"sqlite:{tmp_path / 'org.sqlite'}", f"http://localhost:{port}"
    config = Config(seed=SEED, storage=storage, public_url=url)
    async with MockOkta(config, key_pool=shared_pool) as stays, AsyncExitStack() as ends:
        goes = await ends.enter_async_context(MockOkta(config, key_pool=shared_pool))
        with nginx(tmp_path, port, sorted(_places([stays, goes]))):
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as http:
                visitor = Visitor(stays, http)
                session = await visitor.sign_in()
                await ends.aclose()
                for _ in range(4):
                    assert await visitor.session_id() == session
                tokens = await visitor.tokens()
                assert (await visitor.introspect(tokens["access_token"]))["active"] is True


@pytest.mark.browser
def test_the_real_widget_signs_in_while_replicas_take_turns(
    page: Page, orgs: list[MockOkta]
) -> None:
    replicas: set[str] = set()

    def note(response: Response) -> None:
        replicas.update(filter(None, [response.headers.get("x-replica")]))

    page.on("response", note)
    sign_in_page = HostedSignInPage.open(page, orgs[0].url)
    assert sign_in_page.shows_the_widget(), sign_in_page.why_plain()
    sign_in_page.sign_in(LOGIN, PASSWORD)
    page.wait_for_url(f"{orgs[0].url}/app/UserHome")
    assert replicas == _places(orgs)

"""`mock-okta health`, as a container's health check runs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.cli.health import health
from tests.cli.serving import Finished
from tests.storage.redis_server import free_port


def _asked(url: str, **environment: str) -> tuple[int, str]:
    answered = CliRunner().invoke(health, ["--url", url], env=environment, standalone_mode=False)
    assert answered.exception is None, answered.exception
    (line,) = answered.output.splitlines()
    return answered.return_value, line


@pytest.mark.parametrize(
    "config",
    [Config(), Config(tls=True), Config(control=False)],
    ids=["http", "https", "without /_mock"],
)
def test_an_org_that_is_ready_is_healthy(config: Config, shared_pool: KeyPool) -> None:
    for name in ("default.0", "org.0", "org-access-token"):
        shared_pool.key(name).result()
    with MockOkta(config, key_pool=shared_pool) as org:
        assert _asked(f"{org.url}/") == (0, f"the org at {org.url} is ready")
        nowhere = f"http://127.0.0.1:{free_port()}"  # a proxy of the environment is not asked
        assert _asked(org.url, http_proxy=nowhere, https_proxy=nowhere)[0] == 0


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:{}", "Connection refused"),
        ("no-url", "unknown url type"),
        ("http://[", "Invalid IPv6 URL"),
    ],
)
def test_without_an_org_it_fails_in_one_line(url: str, why: str) -> None:
    asked = url.format(free_port())
    status, line = _asked(asked)
    assert status == 1
    assert line.startswith(f"no org answers at {asked}: ")
    assert why in line


@contextmanager
def _answering(status: int) -> Iterator[str]:
    """A server that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_org_that_is_not_ready_is_not_healthy(status: int) -> None:
    with _answering(status) as url:
        assert _asked(url) == (1, f"the org at {url} is not ready: it answers with {status}")


def test_the_command_exits_with_1(run: Callable[..., Finished]) -> None:
    done = run("health", "--url", f"http://127.0.0.1:{free_port()}")
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1

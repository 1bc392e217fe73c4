"""Where redirects land: the server of an app that only notes what the browser brings."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qsl, urlsplit

PATH = "/callback"
PATIENCE = 20
PAGE = b"<!doctype html><title>Landed</title><link rel=icon href=data:,><p id=landed>Landed"


class Landing:
    """An app's server at `url`; every answer of the org that is brought to `redirect_uri` waits."""

    def __init__(self, url: str, answers: "SimpleQueue[tuple[str, dict[str, str]]]") -> None:
        self.url = url
        self.redirect_uri = url + PATH
        self._answers = answers

    def next_answer(self) -> tuple[str, dict[str, str]]:
        """The next answer that was brought: by which method, and its fields."""
        return self._answers.get(timeout=PATIENCE)


@contextmanager
def landing() -> Iterator[Landing]:
    """Serve on a free port."""
    answers: SimpleQueue[tuple[str, dict[str, str]]] = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._land(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._land(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _land(self, fields: str) -> None:
            if urlsplit(self.path).path == PATH:
                answers.put((self.command, dict(parse_qsl(fields))))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Landing(f"http://localhost:{server.server_port}", answers)
        finally:
            server.shutdown()
            thread.join()

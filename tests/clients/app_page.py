"""A page of an app that has okta-auth-js, at any path of its address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["serving"]

PAGE = b"""<!doctype html><title>App</title><link rel=icon href=data:,>
<script src="/okta-auth-js.js"></script>"""


@contextmanager
def serving(package: Path) -> Iterator[str]:
    """Give the app's address; its page has the library that the npm package brings."""
    script = (package / "dist" / "okta-auth-js.min.js").read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/okta-auth-js.js"
            body = script if is_script else PAGE
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

"""An app's page with the real widget, for what the demo app does not show: popups, providers."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

__all__ = ["AppPage", "app_page"]

PAGE = """<!doctype html><title>App</title><link rel=icon href=data:,>
<div id=widget></div><p id=result></p>
<script src="%(assets)s/js/okta-sign-in.min.js"></script>
<script>
function show(what, login) { document.getElementById('result').textContent = what + ' ' + login; }
var widget = new OktaSignIn(%(options)s);
function begin(session) {
  if (session.status === 'ACTIVE') { show('session', session.login); return; }
  widget.renderEl({ el: '#widget' }, function (result) {
    if (result.status === 'IDP_DISCOVERY') {
      result.idpDiscovery.redirectToIdp(window.location.href);
      return;
    }
    var token = result.tokens ? result.tokens.idToken : result;
    show('tokens', token.claims.email);
  }, console.error);
}
// 2.x has no `authClient`, and calls back.
if (widget.authClient) { widget.authClient.session.get().then(begin); }
else { widget.session.get(begin); }
</script>"""


class AppPage:
    """The app's server at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.html = b""

    def show(self, assets: str, options: Mapping[str, Any]) -> str:
        """Make the page's widget of that release, with these options; return its address."""
        address = f"{self.url}/"
        usual = {"redirectUri": address, "assets": {"baseUrl": assets}}
        written = json.dumps({**usual, **options})
        self.html = (PAGE % {"assets": assets, "options": written}).encode()
        return address


@contextmanager
def app_page() -> Iterator[AppPage]:
    """Serve on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = urlsplit(self.path).path == "/"
            body = page.html if is_page else b"no page"
            self.send_response(200 if is_page else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        page = AppPage(f"http://localhost:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield page
        finally:
            server.shutdown()
            thread.join()

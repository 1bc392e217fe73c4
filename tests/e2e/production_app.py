"""An app as it is in production: its pages name a real-looking org and the CDN, nothing else."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template

from mock_okta_harness.running import Certificate

CLIENT_ID = "0oa1prod0000000000h7"

# The CDN's newer host and older host, as the pages of their times have them.
NEW = "https://global.oktacdn.com/okta-signin-widget/7.49.0"
OLD = "https://ok1static.oktacdn.com/assets/js/sdk/okta-signin-widget/3.2.2"

PAGE = Template("""<!doctype html>
<meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="$cdn/css/okta-sign-in.min.css">
<h1 id="greeting"></h1><div id="widget"></div>
<script src="$cdn/js/$script"></script>
<script type="module">
const issuer = "$issuer", redirectUri = location.origin + location.pathname;
const scopes = ["openid", "profile", "email"];
const widget = new OktaSignIn({ clientId: "$client_id", redirectUri, ...$options });
const { token } = window.client = widget.authClient;
const greet = (name) => { document.getElementById("greeting").textContent = `Hello, $${name}`; };
$sign_in
</script>
""")
NEWER = """
if (client.isLoginRedirect()) {
  const { tokens } = await token.parseFromUrl();
  client.tokenManager.setTokens(tokens);
  greet(tokens.idToken.claims.email);
} else {
  await widget.showSignInAndRedirect({ el: "#widget" });
}
"""
OLDER = """
if (widget.hasTokensInUrl()) {
  const [, idToken] = await token.parseFromUrl();
  greet(idToken.claims.email);
} else {
  widget.renderEl({ el: "#widget" }, () => {}, console.error);
}
"""


def pages(org_url: str) -> Mapping[str, bytes]:
    """The app's pages: the widget's newest release, and 3.2.2 in French."""
    issuer = f"{org_url}/oauth2/default"
    told = {"issuer": issuer, "client_id": CLIENT_ID}
    newer = PAGE.substitute(
        told,
        cdn=NEW,
        script="okta-sign-in.classic.min.js",
        sign_in=NEWER,
        options="{ issuer, useClassicEngine: true, authParams: { scopes } }",
    )
    older = PAGE.substitute(
        told,
        cdn=OLD,
        script="okta-sign-in.min.js",
        sign_in=OLDER,
        options=f"""{{ baseUrl: "{org_url}", language: "fr", authParams: {{
            issuer, scopes, display: "page", responseType: ["token", "id_token"] }} }}""",
    )
    return {"/": newer.encode(), "/3": older.encode()}


@contextmanager
def served(pages: Mapping[str, bytes], certificate: Certificate) -> Iterator[str]:
    """Serve the pages over https; the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages[self.path.partition("?")[0]]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Let a browser hang up on a connection that it made ahead of need."""

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    with Server(("127.0.0.1", 0), Handler) as server:
        # Each connection's own thread shakes hands: a browser makes some that it does not use yet.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

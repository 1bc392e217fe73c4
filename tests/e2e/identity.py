"""What walks through the Identity Engine's screens need: an org's page, its outbox, an app."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

from mock_okta_harness.gallery.visiting import (
    CLIENT_ID,
    LOGIN,
    NAMES,
    NEW_PASSWORD,
    NEW_PHONE,
    PASSWORD,
    PHONE,
    SECRET,
    IdentityVisit,
)
from mock_okta_harness.pages.identity import Identify, widget_on
from tests.e2e.app_page import AppPage

__all__ = [
    "CALLBACK",
    "EMAIL_FACTOR",
    "LOGIN",
    "NAMES",
    "NEW_PASSWORD",
    "NEW_PHONE",
    "PASSWORD",
    "PHONE",
    "SECRET",
    "WIDGET",
    "Callback",
    "Embedding",
    "Walk",
]

EMAIL_FACTOR = {"factor": "okta_email"}
WIDGET = "7.49.0"
CALLBACK = "/callback"
_SCRIPTS = {2: "okta-sign-in.min.js", 3: "okta-sign-in.next.js"}
_STYLES = {2: "okta-sign-in.min.css", 3: "okta-sign-in.next.css"}
_EMBEDDING = """<!doctype html><title>App</title><link rel=icon href=data:,>
<link rel=stylesheet href="%(assets)s/css/%(style)s"><div id=widget></div><p id=result></p>
<script src="%(assets)s/js/%(script)s"></script>
<script>
function show(result) { document.getElementById('result').textContent = JSON.stringify(result); }
new OktaSignIn(%(options)s).showSignIn({ el: '#widget' }).then(
  function (ended) { show(ended.tokens); }, function (error) { show({ error: String(error) }); });
</script>"""


@dataclass(frozen=True)
class Walk(IdentityVisit):
    """A visit with an app: `callback` is an address of its server."""

    server: AppPage

    def redirecting_app(self) -> Identify["Callback"]:
        """Open the app, which redirects to the org for a code."""
        return self.open_app(Callback)

    def open_embedding_app(self) -> Identify["Embedding"]:
        """Open an app that has the widget on its own page."""
        self.forget()
        assets = f"{self.org.widget_url}/{WIDGET}"
        options = {
            "issuer": self.org.issuer(),
            "clientId": CLIENT_ID,
            "redirectUri": self.callback,
            "useClassicEngine": False,
            "authScheme": "OAUTH2",
            "assets": {"baseUrl": assets},
        }
        files = {"script": _SCRIPTS[self.generation], "style": _STYLES[self.generation]}
        html = _EMBEDDING % {"assets": assets, "options": json.dumps(options), **files}
        self.server.html = html.encode()
        self.page.goto(f"{self.server.url}/")
        return Identify(widget_on(self.page, Embedding))


class Callback:
    """The app, which gets what it asked for in the address; making one waits for it."""

    def __init__(self, page: Page) -> None:
        page.wait_for_url(f"**{CALLBACK}?*")
        self.answer = dict(parse_qsl(urlsplit(page.url).query))


class Embedding:
    """The app whose page has the widget, once that has ended."""

    def __init__(self, page: Page) -> None:
        result = page.locator("#result:not(:empty)")
        result.wait_for(state="attached")
        self.tokens = json.loads(result.inner_text())

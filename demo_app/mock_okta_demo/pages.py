"""The page, in one version for each generation of the widget's API."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from mock_okta_demo.config import Settings

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A release of the widget, the path of its page, and what the release needs."""

    version: str
    path: str
    template: str
    script: str = "okta-sign-in.min.js"
    styles: tuple[str, ...] = ("okta-sign-in.min.css",)
    options: Mapping[str, Any] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    style_policy: tuple[str, ...] = ()


# What older releases need in a Content-Security-Policy: 2.x and 3.x compile their templates in the
# browser, and the jQuery of all before 7 tests whether events bubble with a handler that is `t`.
EVALUATION = ("'unsafe-eval'",)
BUBBLE_TEST = ("'unsafe-hashes'", "'sha256-47mKTaMaEn1L3m5DAz9muidMqw636xxw7EFAK/YnPdg='")

# The third generation needs `redirect` here to leave for the callback, `authScheme` to end in
# tokens, and inline styles, which its scripts write.
_BY_IDENTITY_ENGINE = {"useClassicEngine": False, "authScheme": "OAUTH2", "redirect": "always"}
_IDENTITY = {
    "2": Generation(
        version="7.49.0",
        path="/v7",
        template="v7.html",
        script="okta-sign-in.oie.min.js",
        options=_BY_IDENTITY_ENGINE,
        scopes=("offline_access",),
    ),
    "3": Generation(
        version="7.49.0",
        path="/v7",
        template="v7.html",
        script="okta-sign-in.next.js",
        styles=("okta-sign-in.next.css",),
        options=_BY_IDENTITY_ENGINE,
        scopes=("offline_access",),
        style_policy=("'unsafe-inline'",),
    ),
}

# The default first.
GENERATIONS = (
    Generation(version="3.2.2", path="/", template="v3.html", policy=EVALUATION + BUBBLE_TEST),
    Generation(
        version="2.21.0",
        path="/v2",
        template="v2.html",
        styles=("okta-sign-in.min.css", "okta-theme.css"),
        policy=EVALUATION + BUBBLE_TEST,
    ),
    Generation(
        version="5.16.1",
        path="/v5",
        template="v5.html",
        options={"pkce": True},
        policy=BUBBLE_TEST,
    ),
    Generation(
        version="7.49.0",
        path="/v7",
        template="v5.html",
        script="okta-sign-in.classic.min.js",
        options={"pkce": True, "useClassicEngine": True},
    ),
)
DEFAULT = GENERATIONS[0]


def generations_of(settings: Settings) -> tuple[Generation, ...]:
    """Return the pages; the newest signs in by the engine that the settings name."""
    if settings.engine == "classic":
        return GENERATIONS
    return (*GENERATIONS[:-1], _IDENTITY[settings.widget_generation])


@dataclass(frozen=True, kw_only=True)
class PageConfig:
    """The settings of the page's script, sent as JSON."""

    version: str
    org: str
    issuer: str
    endpoints: str
    clientId: str  # noqa: N815 -- the widget's own name
    redirectUri: str  # noqa: N815 -- the widget's own name
    scopes: tuple[str, ...]
    options: Mapping[str, Any]
    assets: str
    messages: str
    origin: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One generation's page at one path; `returns_to` is the path of its redirect URI."""

    settings: Settings
    templates: jinja2.Environment
    generation: Generation
    path: str
    returns_to: str

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this page."""
        return [web.get(self.path, self.get)]

    async def get(self, _: web.Request) -> web.Response:
        """Return the page as HTML."""
        text = self.templates.get_template(self.generation.template).render(
            generation=self.generation,
            generations=generations_of(self.settings),
            path=self.path,
            config=asdict(self._config()),
            assets=self._assets(),
            console=self.settings.console_url,
        )
        headers = {"Content-Security-Policy": self._policy(), "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    def _config(self) -> PageConfig:
        return PageConfig(
            version=self.generation.version,
            org=self.settings.org_url,
            issuer=self.settings.issuer,
            endpoints=self.settings.endpoints,
            clientId=self.settings.client_id,
            redirectUri=self.settings.page_url + self.returns_to,
            scopes=(*self.settings.asked_scopes, *self.generation.scopes),
            options=dict(self.generation.options),
            assets=self._assets(),
            messages=f"{self.settings.api_url}/api/messages",
            origin=self.settings.page_url,
            path=self.path,
        )

    def _assets(self) -> str:
        return f"{self.settings.widget_url}/{self.generation.version}"

    def _policy(self) -> str:
        """Return a policy that allows only what the widget needs: its files, the org, its frame."""
        org, widget = self.settings.org_url, str(URL(self.settings.widget_url).origin())
        return "; ".join(
            (
                "default-src 'none'",
                " ".join(("script-src", "'self'", widget, *self.generation.policy)),
                " ".join(("style-src", "'self'", widget, *self.generation.style_policy)),
                f"img-src 'self' {widget} {org} data:",
                f"font-src 'self' {widget}",
                f"connect-src {org} {self.settings.api_url}",
                f"frame-src {org}",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )


def build_page(settings: Settings) -> web.Application:
    """Make the page's application: a path for each generation, and a sign-in page (`/login`)."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("mock_okta_demo"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    places = [(generation, generation.path) for generation in generations_of(settings)]
    app = web.Application(middlewares=[plain_headers])
    for generation, path in [*places, (DEFAULT, "/login")]:
        page = Page(
            settings=settings,
            templates=templates,
            generation=generation,
            path=path,
            returns_to=generation.path,
        )
        app.add_routes(page.routes())
    app.router.add_static("/static", STATIC)
    return app


@web.middleware
async def plain_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Forbid guessing of types, and caching: this app is edited while it runs."""
    response = await handler(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response

"""Cross-origin requests: which origin may read what (facts/oauth H.3), and remedies in the log."""

from aiohttp import web
from msgspec import Struct, field

from mock_okta.services.directory.lookup import is_trusted
from mock_okta.storage import Storage
from mock_okta.web.requests import NOTES, origin_of_page
from mock_okta.web.routing import Cors, Handler, Middleware, Policy, policy_of
from mock_okta.web.site import Sites, has_redirect_origin

__all__ = ["CrossOrigin"]

_EXPOSED = (
    "Date, Link, WWW-Authenticate, dpop-nonce, X-Okta-Request-Id, "
    "X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset"
)
_MOST_WARNED = 1000
_WITH_COOKIES = (Cors.ANYBODY_WITH_COOKIES, Cors.TRUSTED_ORIGINS)
_TRUSTED = (Cors.TRUSTED_ORIGINS, Cors.TRUSTED_ORIGINS_WITHOUT_COOKIES)


class CrossOrigin(Struct, frozen=True, kw_only=True):
    """Echoes allowed origins on every answer: errors, 204 and preflights too."""

    storage: Storage
    sites: Sites
    warned: set[str] = field(default_factory=set)

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def judged(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            policy = policy_of(request)
            if policy is None or policy.cors is Cors.NOBODY:
                return response
            response.headers.setdefault("Vary", "Origin")
            origin = origin_of_page(request)
            if origin is not None and not self._is_own(request.host, origin):
                await self._answer(request, response, policy, origin)
            return response

        return judged

    def _is_own(self, host: str, origin: str) -> bool:
        return self.sites.asked_by(host).is_origin_of(host, origin)

    async def _answer(
        self, request: web.Request, response: web.StreamResponse, policy: Policy, origin: str
    ) -> None:
        is_mixed = self.sites.first.mixes_with(origin)
        if is_mixed:
            self._name_the_mix(request, origin)
        asked = request.headers.get("Access-Control-Request-Method")
        is_preflight = request.method == "OPTIONS" and asked is not None
        if not await self._may_read(policy.cors, origin, is_preflight=is_preflight):
            if not is_mixed:
                self._name_the_refused(request, origin, policy.cors)
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        if policy.cors in _WITH_COOKIES:
            response.headers["Access-Control-Allow-Credentials"] = "true"
        if is_preflight:
            _allow(request, response, policy)

    async def _may_read(self, cors: Cors, origin: str, *, is_preflight: bool) -> bool:
        match cors:
            case Cors.TRUSTED_ORIGINS | Cors.TRUSTED_ORIGINS_WITHOUT_COOKIES:
                return await is_trusted(self.storage, origin, "CORS")
            case Cors.REDIRECT_ORIGINS if not is_preflight:  # a preflight does not name a client
                clients = await self.storage.clients.values()
                return any(has_redirect_origin(client, origin) for client in clients)
            case _:
                return True

    def _name_the_refused(self, request: web.Request, origin: str, cors: Cors) -> None:
        if origin == "null":
            remedy = "open the page with http or https, so that it has an origin"
        elif cors in _TRUSTED:
            remedy = (
                f"add {origin} to a client's base_uris or to trusted_origins in the seed, "
                f"or start with --origin {origin}"
            )
        else:
            remedy = f"add a URI of {origin} to the client's login_redirect_uris in the seed"
        remark = f"CORS: origin {origin} may not read this: {remedy}"
        request[NOTES].warn(remark)

    def _name_the_mix(self, request: web.Request, origin: str) -> None:
        """Warn once for each origin, because a page sends many requests."""
        if origin not in self.warned:
            if len(self.warned) >= _MOST_WARNED:
                self.warned.clear()
            self.warned.add(origin)
            request[NOTES].warn(
                f"CORS: {origin} and {self.sites.first.url} are different sites for a browser, "
                "so it sends no session cookie: open the app with the org's host name and scheme"
            )


def _allow(request: web.Request, response: web.StreamResponse, policy: Policy) -> None:
    response.headers["Access-Control-Allow-Methods"] = ", ".join((*policy.methods, "OPTIONS"))
    asked = request.headers.get("Access-Control-Request-Headers", "")
    headers = [name.strip() for name in asked.split(",") if name.strip()]
    if "content-type" not in (name.lower() for name in headers):
        headers.append("Content-Type")
    response.headers["Access-Control-Allow-Headers"] = ", ".join(headers)
    response.headers["Access-Control-Max-Age"] = "3600"

"""The protected API: messages for requests with a valid access token."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from mock_okta_demo.bearer import BearerVerifier, Claims, Refused
from mock_okta_demo.config import Settings
from mock_okta_demo.key_set import KeySet, KeysUnavailable


def build_api(settings: Settings) -> web.Application:
    """Make the API: a separate application with its own key set."""
    messages = MessagesEndpoint(verifier=_verifier(settings))
    app = web.Application(middlewares=[cors(settings.page_url), errors_as_json])
    app.add_routes(messages.routes())
    return app


@dataclass(frozen=True, kw_only=True)
class MessagesEndpoint:
    """`GET /api/messages`."""

    verifier: BearerVerifier

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this endpoint."""
        return [web.get("/api/messages", self.get), web.options("/api/messages", preflight)]

    async def get(self, request: web.Request) -> web.Response:
        """`{"messages": [{"text", "date"}, ...]}`, newest first."""
        claims = await self.verifier.verify(request.headers.get("Authorization"))
        return web.json_response({"messages": messages_for(claims, datetime.now(UTC))})


def messages_for(claims: Claims, now: datetime) -> list[dict[str, str]]:
    """Write the messages for a token's subject, as of that instant."""
    texts = (f"The API knows you as {claims.get('sub')}.", "Your access token is valid here.")
    dates = (now - timedelta(hours=hours) for hours in range(len(texts)))
    return [
        {"text": text, "date": date.isoformat(timespec="seconds")}
        for text, date in zip(texts, dates, strict=True)
    ]


async def preflight(_: web.Request) -> web.Response:
    """Answer a preflight; the middleware adds whether the origin may read the answer."""
    return web.Response(status=204)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal with its status, its challenge and a JSON body with the reason."""
    try:
        return await handler(request)
    except Refused as refused:
        headers = {"WWW-Authenticate": refused.challenge}
        return _error(refused.status, refused.error, refused.reason, headers)
    except KeysUnavailable as failure:
        return _error(503, "keys_unavailable", f"Tokens cannot be checked now: {failure}.", {})
    except web.HTTPException as other:
        allow = {name: other.headers[name] for name in ("Allow",) if name in other.headers}
        return _error(other.status, other.reason.lower().replace(" ", "_"), other.reason, allow)


def _error(status: int, error: str, reason: str, headers: dict[str, str]) -> web.Response:
    body = {"error": error, "error_description": reason}
    return web.json_response(body, status=status, headers=headers)


def cors(page_origin: str) -> Middleware:
    """Lets only the page's origin read answers, including errors and preflights.

    No credentials are allowed, because none are used: the token is in a header.
    """

    @web.middleware
    async def add_cors_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        if request.headers.get("Origin") == page_origin:
            response.headers["Access-Control-Allow-Origin"] = page_origin
            response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = "GET"
                response.headers["Access-Control-Allow-Headers"] = "Authorization"
        return response

    return add_cors_headers


def _verifier(settings: Settings) -> BearerVerifier:
    trust = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else None
    return BearerVerifier(
        issuer=settings.issuer,
        audience=settings.audience,
        client_ids=settings.allowed_clients,
        scopes=frozenset(settings.required_scopes),
        leeway=settings.leeway,
        keys=KeySet(settings.issuer, trust=trust, refetch_interval=settings.key_refetch_interval),
    )

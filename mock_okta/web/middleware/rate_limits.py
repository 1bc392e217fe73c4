"""Rate limits: counted for every answer, enforced if the seed sets them (facts/oauth H.2).

Of the limits here, those of token, users, sessions and authn were seen; the others are guesses.
Which paths share a count is also a guess: here, those below the longest path with a limit.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aiohttp import web
from msgspec import Struct, field

from mock_okta.clock import Clock
from mock_okta.model.directory import RateLimit
from mock_okta.storage import Storage
from mock_okta.web.errors import RateLimitExceeded, ShownError, WireError
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Handler, Middleware

__all__ = ["RateLimits"]

_WINDOW = 60
_USUAL: Mapping[str, int] = MappingProxyType(
    {
        "/api/v1": 1200,
        "/api/v1/authn": 500,
        "/api/v1/sessions": 375,
        "/api/v1/users": 300,
        "/oauth2": 2000,
    }
)
_USUAL_TOKEN = 150
_NEVER = ("/v1/keys", "/openid-configuration", "/oauth-authorization-server")
_MOST_KNOWN_PATHS = 4096
_LONGEST_PATH = 1000


class Bucket(Struct, frozen=True, kw_only=True):
    """Requests that are counted together; a bucket that does not refuse only shows the count."""

    path: str
    limit: int
    refuses: bool


class RateLimits(Struct, kw_only=True):
    """Counts requests in fixed windows of 60 s of the org's clock.

    Deviation: by default nothing is refused, while Okta refuses. `Remaining` then stays at 1, so
    that no client waits for the end of the window, which may never come with a frozen clock.
    """

    storage: Storage
    clock: Clock
    _seeded: Sequence[RateLimit] = ()
    _buckets: dict[str, Bucket | None] = field(default_factory=dict)

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
            bucket = await self._bucket(request)
            if bucket is None:
                return await handler(request)
            reset = (self.clock.epoch() // _WINDOW + 1) * _WINDOW
            counting = self.storage.request_counts.count(bucket.path, reset)
            if bucket.refuses and await counting > bucket.limit:
                response: web.StreamResponse = _refusal(request, bucket)
            else:
                response = await handler(request)
            remaining = bucket.limit - await counting
            headers = response.headers
            headers["X-Rate-Limit-Limit"] = str(bucket.limit)
            headers["X-Rate-Limit-Remaining"] = str(max(remaining, 0 if bucket.refuses else 1))
            headers["X-Rate-Limit-Reset"] = str(reset)
            return response

        return limited

    async def _bucket(self, request: web.Request) -> Bucket | None:
        """Find the bucket by path; the result is cached while the limits stay the same."""
        if request.method == "OPTIONS":
            return None
        seeded, path = await self.storage.rate_limits.values(), request.path[:_LONGEST_PATH]
        if seeded != self._seeded or len(self._buckets) > _MOST_KNOWN_PATHS:
            self._seeded, self._buckets = seeded, {}
        if path not in self._buckets:
            self._buckets[path] = _longest(path, seeded)
        return self._buckets[path]


def _longest(path: str, seeded: Sequence[RateLimit]) -> Bucket | None:
    """Return the bucket with the longest path that `path` is at or below, if any.

    Limits of the seed come before the usual ones, so that a limit of the seed also applies below
    its path.
    """
    if path.endswith(_NEVER) or path.startswith("/_mock/"):
        return None
    given = {each.path: each.limit for each in seeded}
    for limits, refuses in ((given, True), (_usual(path), False)):
        fitting = [name for name in limits if path == name or path.startswith(f"{name}/")]
        if fitting:
            name = max(fitting, key=len)
            return Bucket(path=name, limit=limits[name], refuses=refuses)
    return None


def _usual(path: str) -> Mapping[str, int]:
    """Return the default limits; tokens of each authorization server are counted separately."""
    is_token = path.startswith("/oauth2/") and path.endswith("/v1/token")
    return {**_USUAL, path: _USUAL_TOKEN} if is_token else _USUAL


def _refusal(request: web.Request, bucket: Bucket) -> web.Response:
    """Return Okta's error object, or a page for a browser's navigation."""
    notes = request[NOTES]
    remark = f"{bucket.path} allows {bucket.limit} requests a minute: see rate_limits in the seed"
    notes.remarks.append(remark)
    error: WireError = RateLimitExceeded(remark=remark)
    shows_pages = not request.path.startswith("/api/")
    if shows_pages and "text/html" in request.headers.get("Accept", ""):
        error = ShownError(RateLimitExceeded.code, RateLimitExceeded.summary, status=429)
    return error.render(notes.error_id)

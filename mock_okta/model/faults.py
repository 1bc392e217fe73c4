"""Faults that a test plans: what goes wrong, for which requests, and how often.

Each is also the JSON object of `POST /_mock/faults`, where `kind` says which one it is.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from mock_okta.model.traffic import Caller
from mock_okta.wildcards import LONGEST_PATTERN, fits

__all__ = [
    "TOKEN_FAULTS",
    "Breakage",
    "BrokenToken",
    "ClockSkew",
    "Delay",
    "DiscoveryContradicts",
    "Dropped",
    "Fault",
    "JwksMissing",
    "JwksStale",
    "OAuthErrorAnswer",
    "PathPattern",
    "PlannedFault",
    "RateLimited",
    "SlowBody",
    "StatusAnswer",
    "TokenName",
    "TruncatedJson",
]

_ASSETS = "/okta-signin-widget/"
# A century: far enough from any lifetime, and no instant leaves four digits of the year.
_CENTURY = 100 * 365 * 86400

PathPattern: TypeAlias = Annotated[str, Meta(pattern=r"^[/*]", max_length=LONGEST_PATTERN)]
Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=60)]
# RFC 6749 5.2; no line ends, which no header may hold.
OAuthText: TypeAlias = Annotated[str, Meta(pattern=r"^[\x20\x21\x23-\x5B\x5D-\x7E]+\Z")]
TokenName: TypeAlias = Literal["access_token", "id_token"]
# What is wrong with a token; `services/tokens/broken.py` says how each is made.
Breakage: TypeAlias = Literal[
    "expired",
    "not_yet_valid",
    "wrong_issuer",
    "wrong_audience",
    "wrong_client",
    "wrong_key",
    "unknown_kid",
    "algorithm_none",
    "tampered",
    "not_a_jwt",
]


class _Planned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Which requests a fault applies to: those that match all given fields.

    In `path`, `*` matches any characters; the default is any path but those of the widget's files.
    `method`: the default is any but OPTIONS. `user` is a login.
    """

    method: str | None = None
    path: PathPattern | None = None
    client_id: str | None = None
    user: str | None = None
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class StatusAnswer(_Planned, frozen=True, kw_only=True, tag="status"):
    """Answer with a status and Okta's error object; the default texts are Okta's for the status.

    A browser that loads a page gets Okta's error page instead. OAuth endpoints answer with an OAuth
    error object, if they have one for the status.
    """

    status: Annotated[int, Meta(ge=400, le=599)]
    error_code: str | None = None
    error_summary: str | None = None
    error_causes: tuple[str, ...] = ()


class OAuthErrorAnswer(_Planned, frozen=True, kw_only=True, tag="oauth_error"):
    """Answer with an OAuth error, in the form of the endpoint.

    /authorize returns it to the client by its response mode, after client and redirect URI are
    checked (`status` is not used then); userinfo sends it in a header.
    """

    path: PathPattern | None = "*/v1/token"
    error: OAuthText
    error_description: OAuthText = "A planned fault."
    status: Annotated[int, Meta(ge=400, le=599)] = 400


class RateLimited(_Planned, frozen=True, kw_only=True, tag="rate_limited"):
    """Answer 429 with the three headers; `reset_in`: seconds from now (facts/oauth H.2)."""

    limit: Annotated[int, Meta(ge=0)] = 100
    reset_in: Annotated[int, Meta(ge=0, le=86400)] = 60


class Delay(_Planned, frozen=True, kw_only=True, tag="delay"):
    """Wait so many real seconds before serving."""

    seconds: Seconds


class SlowBody(_Planned, frozen=True, kw_only=True, tag="slow_body"):
    """Send the head at once, and the body in pieces over so many real seconds."""

    seconds: Seconds


class Dropped(_Planned, frozen=True, kw_only=True, tag="dropped"):
    """Reset the connection; the request is not served.

    Many clients, browsers too, repeat a GET on their own if the connection has been used before;
    use `times=2` for these.
    """


class TruncatedJson(_Planned, frozen=True, kw_only=True, tag="truncated_json"):
    """Promise the whole length of a JSON answer, send half, and close; the request was served."""


class JwksMissing(_Planned, frozen=True, kw_only=True, tag="jwks_missing"):
    """Publish no keys."""

    path: PathPattern | None = "*/v1/keys"


class JwksStale(_Planned, frozen=True, kw_only=True, tag="jwks_stale"):
    """Publish a key set with an unused key instead of the one that signs."""

    path: PathPattern | None = "*/v1/keys"


class DiscoveryContradicts(_Planned, frozen=True, kw_only=True, tag="discovery_contradicts"):
    """Name another issuer in discovery than in tokens; the default is derived from the true one."""

    path: PathPattern | None = "*/.well-known/*"
    issuer: str | None = None


class ClockSkew(_Planned, frozen=True, kw_only=True, tag="clock_skew"):
    """Shift `iat`, `exp` and `auth_time` of tokens by seconds; the signature stays valid."""

    token: TokenName | None = None
    seconds: Annotated[int, Meta(ge=-_CENTURY, le=_CENTURY)]


class BrokenToken(_Planned, frozen=True, kw_only=True, tag="broken_token"):
    """Issue tokens that a verifier must refuse, for all reasons in `broken`."""

    token: TokenName | None = None
    broken: Annotated[tuple[Breakage, ...], Meta(min_length=1)]


TOKEN_FAULTS = (ClockSkew, BrokenToken)
Fault: TypeAlias = (
    StatusAnswer
    | OAuthErrorAnswer
    | RateLimited
    | Delay
    | SlowBody
    | Dropped
    | TruncatedJson
    | JwksMissing
    | JwksStale
    | DiscoveryContradicts
    | ClockSkew
    | BrokenToken
)


class PlannedFault(Struct, frozen=True, kw_only=True):
    """A fault, and how many more times it will fire."""

    id: str
    fault: Fault
    left: int

    @property
    def kind(self) -> str:
        """Its `kind` in JSON."""
        return str(self.fault.__struct_config__.tag)

    @property
    def fired(self) -> int:
        """How often it has fired."""
        return self.fault.times - self.left

    @property
    def waiting(self) -> str | None:
        """`yes` while it can fire, else None: an index to find those that can."""
        return "yes" if self.left else None

    @property
    def names_a_caller(self) -> bool:
        """True if it is only for one client or user."""
        return self.fault.client_id is not None or self.fault.user is not None

    def may_meet(self, method: str, path: str) -> bool:
        """Return whether it applies to such requests, from any client or user."""
        wanted = self.fault.method
        if method == "OPTIONS" if wanted is None else method != wanted.upper():
            return False
        pattern = self.fault.path
        return not path.startswith(_ASSETS) if pattern is None else fits(pattern, path)

    def meets(self, caller: Caller) -> bool:
        """Return whether it applies to this caller."""
        client_id, user = self.fault.client_id, self.fault.user
        if client_id is not None and client_id != caller.client_id:
            return False
        return user is None or user.lower() == (caller.login or "").lower()

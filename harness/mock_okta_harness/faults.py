"""Faults to plan: `control.plan_fault(faults.status(503).on("/oauth2/default/v1/token").times(2))`.

Faults are immutable: every method returns a new one. A fault without a path applies to the next
request for any path except the widget's files; faults of keys, discovery and OAuth errors have
their own default paths. At most one fault applies to a request: the one that was planned first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_okta.model.faults import Breakage, TokenName


@dataclass(frozen=True)
class Fault:
    """What goes wrong (`kind` and its `settings`), for which requests, and how often."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)

    def on(self, path: str, method: str | None = None) -> Fault:
        """Apply only to requests for this path, in which `*` stands for any characters."""
        return self._with(path=path, method=method)

    def for_client(self, client_id: str) -> Fault:
        """Apply only to requests of this client."""
        return self._with(client_id=client_id)

    def for_user(self, login: str) -> Fault:
        """Apply only to requests of this user."""
        return self._with(user=login)

    def times(self, times: int) -> Fault:
        """Apply to this many requests, not just one."""
        return self._with(times=times)

    def document(self) -> dict[str, Any]:
        """Return the fault as the body of `POST /_mock/faults`."""
        return {"kind": self.kind, **self.settings}

    def _with(self, **settings: object) -> Fault:
        return replace(self, settings={**self.settings, **settings})


def status(
    status: int, error_code: str | None = None, error_summary: str | None = None, *causes: str
) -> Fault:
    """Answer with this status and Okta's error, with the usual text unless one is given."""
    words = {"error_code": error_code, "error_summary": error_summary, "error_causes": causes}
    return Fault("status", {"status": status, **words})


def oauth_error(error: str, description: str = "A planned fault.", status: int = 400) -> Fault:
    """Answer with this OAuth error, at the token endpoint unless another path is given.

    At /authorize the client gets it through its response mode.
    """
    return Fault(
        "oauth_error", {"error": error, "error_description": description, "status": status}
    )


def rate_limited(limit: int = 100, reset_in: int = 60) -> Fault:
    """Answer 429, with headers that say when the limit ends: in seconds from the org's time."""
    return Fault("rate_limited", {"limit": limit, "reset_in": reset_in})


def delay(seconds: float) -> Fault:
    """Answer only after this many real seconds, at most 60."""
    return Fault("delay", {"seconds": seconds})


def slow_body(seconds: float) -> Fault:
    """Send the body piece by piece, over this many real seconds, at most 60."""
    return Fault("slow_body", {"seconds": seconds})


def dropped() -> Fault:
    """Reset the connection instead of answering.

    Many clients, browsers too, repeat a GET by themselves if the connection had been used before:
    plan `.times(2)` for those.
    """
    return Fault("dropped")


def truncated_json() -> Fault:
    """Close the connection in the middle of a JSON answer."""
    return Fault("truncated_json")


def jwks_missing() -> Fault:
    """Publish an empty key set."""
    return Fault("jwks_missing")


def jwks_stale() -> Fault:
    """Publish a key set without the key that signs."""
    return Fault("jwks_stale")


def discovery_contradicts(issuer: str | None = None) -> Fault:
    """Let discovery name another issuer than the tokens."""
    return Fault("discovery_contradicts", {"issuer": issuer})


def clock_skew(seconds: int, token: TokenName | None = None) -> Fault:
    """Move the times in tokens, or in one kind of token, into the future or the past."""
    return Fault("clock_skew", {"seconds": seconds, "token": token})


def broken_token(*broken: Breakage, token: TokenName | None = None) -> Fault:
    """Issue tokens, or one kind of token, that a verifier must refuse for each of these reasons.

    The names are those of `mint(broken=…)`.
    """
    return Fault("broken_token", {"broken": broken, "token": token})

"""Faults to plan: `control.plan_fault(faults.status(503).on("/oauth2/default/v1/token").times(2))`.

Immutable: every method gives a new fault. One that names no path is for the next request of any
path but those of the widget's files; those of keys, discovery and OAuth errors have paths of their
own. Each request meets one fault at most: the one that was planned first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_okta.model.faults import Breakage, TokenName


@dataclass(frozen=True)
class Fault:
    """What is to go wrong (`kind` and its `settings`), for which requests, and how often."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)

    def on(self, path: str, method: str | None = None) -> Fault:
        """Meet requests of this path alone, in which `*` stands for any characters."""
        return self._with(path=path, method=method)

    def for_client(self, client_id: str) -> Fault:
        """Meet requests of this client alone."""
        return self._with(client_id=client_id)

    def for_user(self, login: str) -> Fault:
        """Meet requests of this user alone."""
        return self._with(user=login)

    def times(self, times: int) -> Fault:
        """Meet so many requests, not one."""
        return self._with(times=times)

    def document(self) -> dict[str, Any]:
        """Give the fault as `POST /_mock/faults` takes it."""
        return {"kind": self.kind, **self.settings}

    def _with(self, **settings: object) -> Fault:
        return replace(self, settings={**self.settings, **settings})


def status(
    status: int, error_code: str | None = None, error_summary: str | None = None, *causes: str
) -> Fault:
    """Answer with this status and Okta's error, in words usual for the status unless given."""
    words = {"error_code": error_code, "error_summary": error_summary, "error_causes": causes}
    return Fault("status", {"status": status, **words})


def oauth_error(error: str, description: str = "A planned fault.", status: int = 400) -> Fault:
    """Answer with this OAuth error; at the token endpoint unless another path is given.

    At /authorize the client gets it by its response mode.
    """
    return Fault(
        "oauth_error", {"error": error, "error_description": description, "status": status}
    )


def rate_limited(limit: int = 100, reset_in: int = 60) -> Fault:
    """Answer 429, with headers that say when the limit ends: seconds from the org's time."""
    return Fault("rate_limited", {"limit": limit, "reset_in": reset_in})


def delay(seconds: float) -> Fault:
    """Serve only after so many real seconds, at most 60."""
    return Fault("delay", {"seconds": seconds})


def slow_body(seconds: float) -> Fault:
    """Send the body piece by piece over so many real seconds, at most 60."""
    return Fault("slow_body", {"seconds": seconds})


def dropped() -> Fault:
    """Reset the connection in place of an answer.

    Many clients, browsers too, send a GET again by themselves where the connection had served
    before: plan `.times(2)` for those.
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
    """Name another issuer in discovery than in tokens."""
    return Fault("discovery_contradicts", {"issuer": issuer})


def clock_skew(seconds: int, token: TokenName | None = None) -> Fault:
    """Shift the times in tokens, or in one kind of them, ahead or behind."""
    return Fault("clock_skew", {"seconds": seconds, "token": token})


def broken_token(*broken: Breakage, token: TokenName | None = None) -> Fault:
    """Issue tokens, or one kind of them, that a verifier has to refuse for each of these reasons.

    The names are those of `mint(broken=…)`.
    """
    return Fault("broken_token", {"broken": broken, "token": token})

"""What the screen of a consent shows: kept with the transaction when the user is asked."""

from collections.abc import Iterable
from typing import Any

from mock_okta.model.authorization_servers import AuthorizationServer, Scope

__all__ = ["asked_consent"]


def asked_consent(
    server: AuthorizationServer, scopes: Iterable[Scope], *, beside: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the draft of a transaction; `beside`: what the app gets with these scopes anyway."""
    asked = tuple(scopes)
    return {
        "scopes": {scope.name: _said_of(scope) for scope in asked},
        "optional": [scope.name for scope in asked if scope.consent == "FLEXIBLE"],
        "beside": list(beside),
        "issuer": {"name": server.name, "uri": server.issuer},
    }


def _said_of(scope: Scope) -> dict[str, str]:
    """Return the scope's title, and what stands below it; the widget has its own of Okta's scopes.

    Two scopes of the sample `consent-granular` have nothing below.
    """
    described = {"desc": scope.description} if scope.description else {}
    return {"label": scope.title, **described}

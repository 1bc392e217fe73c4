"""The org that serves when nothing is asked for, and addresses added to any."""

from functools import cache

import msgspec

from mock_okta.seed.reading import SeedError
from mock_okta.seed.types import Seed, SeedClient

__all__ = ["default_seed", "with_addresses"]

_USUAL_PORTS = (3000, 4200, 5000, 5173, 8000, 8080, 9000)
_MESSAGES = {"name": "messages.read", "description": "Read your messages"}
_USUAL_PATHS = (
    "",
    "/",
    "/callback",
    "/login/callback",
    "/authorization-code/callback",
    "/login/oauth2/code/okta",  # of Spring Security, for a registration named okta
)


@cache
def default_seed() -> Seed:
    """Return the org that serves when nothing is asked for: for the usual localhost ports.

    Made once a process: its many URIs take longer to check than an org takes to start.
    """
    base_uris = tuple(
        f"{scheme}://localhost:{port}" for scheme in ("http", "https") for port in _USUAL_PORTS
    )
    interactive = {
        "login_redirect_uris": tuple(uri + path for uri in base_uris for path in _USUAL_PATHS),
        "logout_redirect_uris": tuple(uri + path for uri in base_uris for path in ("", "/")),
    }
    return msgspec.convert(
        {
            "users": [
                {
                    "login": "tester@example.com",
                    "password": "mock-Password-1",
                    "profile": {"firstName": "Test", "lastName": "User", "locale": "en_US"},
                },
            ],
            "clients": [
                {
                    "name": "Single-page app",
                    "type": "spa",
                    "client_id": "0oa1spa00000000000h7",
                    "base_uris": base_uris,
                    "grant_types": ["authorization_code", "implicit", "refresh_token"],
                    **interactive,
                },
                {
                    "name": "Web app",
                    "type": "web",
                    "client_id": "0oa1web00000000000h7",
                    **interactive,
                },
                {"name": "Service", "type": "service", "client_id": "0oa1svc00000000000h7"},
            ],
            "authorization_servers": [
                {"id": "default", "audiences": ["api://default"], "scopes": [_MESSAGES]},
            ],
        },
        Seed,
    )


def with_addresses(seed: Seed, redirect_uris: tuple[str, ...], origins: tuple[str, ...]) -> Seed:
    """Return `seed` with more login redirect URIs and base URIs on every client that has any use.

    An origin is also a place to return to after sign-out, with and without the slash.
    Raises SeedError for a URI that Okta's console would refuse.
    """

    def extended(client: SeedClient) -> SeedClient:
        if client.type == "service":
            return client
        returns = tuple(origin + path for origin in origins for path in ("", "/"))
        return msgspec.structs.replace(
            client,
            base_uris=_joined(client.base_uris, origins),
            login_redirect_uris=_joined(client.login_redirect_uris, redirect_uris),
            logout_redirect_uris=_joined(client.logout_redirect_uris, returns),
        )

    try:
        clients = tuple(extended(client) for client in seed.clients)
    except ValueError as error:
        raise SeedError(str(error)) from error
    return msgspec.structs.replace(seed, clients=clients)


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))

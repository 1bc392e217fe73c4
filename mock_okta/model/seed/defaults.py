"""The default seed, and more addresses for any seed."""

from functools import cache

import msgspec

from mock_okta.model.seed.mistakes import SeedError
from mock_okta.model.seed.types import Seed, SeedClient

__all__ = ["default_seed", "with_addresses"]


@cache
def default_seed() -> Seed:
    """Return the seed of the default org."""
    return Seed()


def with_addresses(seed: Seed, redirect_uris: tuple[str, ...], origins: tuple[str, ...]) -> Seed:
    """Return `seed` with more login redirect URIs and base URIs for all clients but services.

    Each origin also becomes a logout redirect URI, with and without the slash.
    Raises SeedError for a URI that Okta's console would refuse.
    """
    if not redirect_uris and not origins:
        return seed

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
        raise SeedError(f"--redirect-uri or --origin: {error}") from error
    return msgspec.structs.replace(seed, clients=clients)


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))

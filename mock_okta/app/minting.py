"""Tokens without a server: `mint`, and `Mint` for your own org."""

from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar, Unpack

import msgspec

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.minting import Minted, TokenOrder, Wanted, order_document
from mock_okta.model.seed import GivenSeed, Seed, SeedAuthorizationServer, default_seed
from mock_okta.services.services import Services
from mock_okta.services.tokens.broken import needs_other_key
from mock_okta.services.world import world_of
from mock_okta.services.world.key_pool import KeyPool
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover

__all__ = ["Mint", "MintError", "mint"]

T = TypeVar("T")

_ISSUER = "http://localhost:8700/oauth2/default"


class MintError(ValueError):
    """The tokens cannot be minted; the message is one line."""


class Mint:
    """Mints tokens of an org that does not run.

    `url`: the org's URL. `key_pool`: share it with a running org to sign with the same keys. The
    first token waits for its key, a tenth of a second.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        url: str = "http://localhost:8700",
        key_pool: KeyPool | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._pool = key_pool or KeyPool()
        storage, urls = in_memory(self.clock), (url.rstrip("/"),)
        world = world_of(storage, self.clock, self._pool, urls=urls)
        self._services = Services(world, GivenSeed(seed or default_seed()), path_to_recover)
        _finished(self._services.seeding.start(self._services.given.whole))

    def tokens(
        self,
        user: str | None = None,
        *,
        authorization_server: str = "default",
        **wanted: Unpack[Wanted],
    ) -> Minted:
        """Return tokens for a user, by login or id; an unknown user is made up.

        The default is the org's first user, or no user if the client is a service. An authorization
        server that is not in the seed is made up too. Raises MintError.
        """
        order = _order(user, authorization_server, wanted)
        _finished(self._know(authorization_server))
        unpublished = needs_other_key(order.broken)
        for name in _finished(
            self._services.keys.names(authorization_server, unpublished=unpublished)
        ):
            self._pool.key(name).result()
        return _finished(self._services.minting.mint(order))

    async def _know(self, server_id: str) -> None:
        if await self._services.storage.authorization_servers.get(server_id) is None:
            try:
                server = SeedAuthorizationServer(id=server_id)
            except ValueError as error:
                raise MintError(str(error)) from error
            await self._services.seeding.add_server(server)


def mint(user: str | None = None, *, issuer: str = _ISSUER, **wanted: Unpack[Wanted]) -> Minted:
    """Return tokens of the default org, as if it served at `issuer`; see `Mint.tokens`.

    All tokens minted in one process have the same keys. Raises MintError.
    """
    url, _, server_id = issuer.partition("/oauth2/")
    minted_at = _mint_at(url.rstrip("/"))
    return minted_at.tokens(user, authorization_server=server_id or ORG_SERVER, **wanted)


@cache
def _mint_at(url: str) -> Mint:
    return Mint(url=url, key_pool=_pool())


@cache
def _pool() -> KeyPool:
    return KeyPool()


def _order(user: str | None, authorization_server: str, wanted: Wanted) -> TokenOrder:
    try:
        return msgspec.convert(order_document(user, authorization_server, wanted), TokenOrder)
    except msgspec.ValidationError as error:
        raise MintError(str(error)) from error


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`, which only waits for its turn: all is there, also the keys."""
    try:
        while work.send(None) is None:
            pass
    except StopIteration as end:
        given: T = end.value
        return given
    work.close()
    raise AssertionError("minting had to wait")

"""`/_mock/seed` and `/_mock/reset`: what is in the org."""

from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation, body_as
from mock_okta.control.org import OrgClient, client_body
from mock_okta.model.seed import Seed, SeedError
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.services.tokens.key_ring import KeyRing
from mock_okta.web.errors import ValidationFailed

__all__ = ["SeedResource"]


class SeededUser(Struct, frozen=True, kw_only=True):
    """A user who was made or replaced."""

    id: str
    login: str


class SeededAuthorizationServer(Struct, frozen=True, kw_only=True):
    """An authorization server that was made or replaced."""

    id: str
    issuer: str


class SeededRecords(Struct, frozen=True, kw_only=True):
    """What one seed made or replaced."""

    users: list[SeededUser]
    clients: list[OrgClient]
    authorization_servers: list[SeededAuthorizationServer]


class SeedRefused(ValidationFailed):
    """The seed has mistakes: a cause for each."""

    def __init__(self, error: SeedError) -> None:
        super().__init__("seed", str(error))
        self.causes = tuple(str(mistake) for mistake in error.mistakes)


class SeedResource(Struct, frozen=True, kw_only=True):
    """Fills the org, and empties it."""

    state: OrgState
    keys: KeyRing

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/seed and /_mock/reset."""
        return (
            Operation(
                method="PUT",
                path="/_mock/seed",
                summary="Make or replace what the seed document names.",
                handler=self.upsert,
                body=Seed,
                answer=SeededRecords,
            ),
            Operation(
                method="POST",
                path="/_mock/reset",
                summary="Go back to the first seed, with nobody signed in and the clock running.",
                handler=self.reset,
            ),
        )

    async def upsert(self, request: web.Request) -> SeededRecords:
        """Make or replace what the seed document names."""
        await body_as(request, dict[str, Any])
        try:
            seed = await self.state.seeding.addition(await request.read())
        except SeedError as error:
            raise SeedRefused(error) from error
        for server in seed.authorization_servers:  # first: a key that cannot be kept ends it
            await self.keys.prepare(server.id)
        seeded = await self.state.seeding.upsert(seed)
        return SeededRecords(
            users=[SeededUser(id=user.id, login=user.login) for user in seeded.users],
            clients=[client_body(client) for client in seeded.clients],
            authorization_servers=[
                SeededAuthorizationServer(id=server.id, issuer=server.issuer)
                for server in seeded.authorization_servers
            ],
        )

    async def reset(self, _: web.Request) -> None:
        """Go back to the first seed, with nobody signed in and the clock running."""
        await self.state.reset()

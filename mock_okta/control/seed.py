"""`/_mock/seed` and `/_mock/reset`: what is in the org."""

import asyncio
from typing import Any, Literal

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as, query_as
from mock_okta.control.org import client_body
from mock_okta.control.paths import Path
from mock_okta.model.seed import Seed, SeedError
from mock_okta.services.seeding.exporting import document_of, exported, yaml_of
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.web.errors import ValidationFailed, json_response

__all__ = ["SeedResource"]

_YAML = "application/yaml"  # RFC 9512


class ExportFormat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: in which format."""

    format: Literal["json", "yaml"] = "json"


class SeedRefused(ValidationFailed):
    """The seed has mistakes: a cause for each, with its place in YAML, which people write."""

    def __init__(self, error: SeedError, *, is_yaml: bool) -> None:
        super().__init__("seed", str(error))
        self.causes = tuple(
            f"line {each.line}, column {each.column}: {each}"
            if is_yaml and each.line
            else str(each)
            for each in error.mistakes
        )


class SeedResource(Struct, frozen=True, kw_only=True):
    """Adds to the org, and resets it."""

    state: OrgState
    keys: KeyRing

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/seed and /_mock/reset."""
        return (
            Operation(
                "GET",
                Path.SEED,
                "Show the org as it is now, as a seed document: as JSON, or as YAML.",
                self._export,
                query=ExportFormat,
                answer=Seed,
            ),
            Operation(
                "PUT",
                Path.SEED,
                "Make or replace what the seed document names; it may also be YAML, with the "
                "content type application/yaml.",
                self._upsert,
                body=Seed,
                answer=schema.Seeded,
            ),
            Operation(
                "POST",
                Path.RESET,
                "Go back to the first seed, with nobody signed in and the clock running.",
                self._reset,
            ),
        )

    async def _export(self, request: web.Request) -> web.Response:
        wanted = query_as(request, ExportFormat).format
        world = self.state.world
        document = document_of(await exported(world.storage, world.clock.now()))
        if wanted == "json":
            return json_response(document)
        text = await asyncio.to_thread(yaml_of, document)
        return web.Response(text=text, content_type=_YAML)

    async def _upsert(self, request: web.Request) -> schema.Seeded:
        is_yaml = request.content_type == _YAML
        if not is_yaml:
            await body_as(request, dict[str, Any])
        try:
            seed = await self.state.seeding.addition(await request.read(), is_yaml=is_yaml)
        except SeedError as error:
            raise SeedRefused(error, is_yaml=is_yaml) from error
        for server in seed.authorization_servers:  # first: it fails if a key cannot be saved
            await self.keys.prepare(server.id)
        seeded = await self.state.seeding.upsert(seed)
        return schema.Seeded(
            users=tuple(schema.SeededUser(id=user.id, login=user.login) for user in seeded.users),
            clients=tuple(map(client_body, seeded.clients)),
            authorization_servers=tuple(
                schema.SeededAuthorizationServer(id=server.id, issuer=server.issuer)
                for server in seeded.authorization_servers
            ),
        )

    async def _reset(self, _: web.Request) -> None:
        await self.state.reset()

"""`/_mock/org`: the org's URL and issuers, and who and what is in it."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.model.clients import Client, ClientType
from mock_okta.model.directory import EngineName, User
from mock_okta.storage import Storage
from mock_okta.web.site import Site

__all__ = ["OrgResource", "client_body"]

_CONSOLE_TYPES = {
    ClientType.SPA: "spa",
    ClientType.WEB: "web",
    ClientType.NATIVE: "native",
    ClientType.SERVICE: "service",
}


class OrgResource(Struct, frozen=True, kw_only=True):
    """Describes the org, with passwords and secrets: they are test data."""

    storage: Storage
    engine: EngineName
    site: Site

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/org."""
        return (
            Operation(
                "GET",
                Path.ORG,
                "Show the org's URL and issuers, and who and what is in it, with secrets.",
                self._describe,
                answer=schema.OrgFacts,
            ),
        )

    async def _describe(self, _: web.Request) -> schema.OrgFacts:
        users = await self.storage.users.values()
        servers = await self.storage.authorization_servers.values()
        origins = await self.storage.trusted_origins.values()
        return schema.OrgFacts(
            url=self.site.url,
            engine=self.engine,
            issuers={server.id: server.issuer for server in servers},
            users=tuple(map(_user_body, users)),
            clients=tuple(map(client_body, await self.storage.clients.values())),
            trusted_origins=tuple(each.origin for each in origins),
        )


def _user_body(user: User) -> schema.OrgUser:
    return schema.OrgUser(
        id=user.id,
        login=user.login,
        password=user.password,
        status=user.status,
        factors=tuple(
            schema.OrgFactor(
                id=each.id,
                factor=each.key,
                secret=each.secret or "",
            )
            for each in user.factors
        ),
    )


def client_body(client: Client) -> schema.OrgClient:
    """Return a client as `/_mock` shows it."""
    return schema.OrgClient(
        client_id=client.client_id,
        name=client.name,
        type=_CONSOLE_TYPES[client.type],
        client_secret=client.client_secret,
        login_redirect_uris=client.login_redirect_uris,
        logout_redirect_uris=client.logout_redirect_uris,
        grant_types=tuple(sorted(client.grant_types)),
    )

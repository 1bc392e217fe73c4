"""`/_mock/org`: where the org is, and who and what is in it."""

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from mock_okta.control.operations import Operation
from mock_okta.domain.directory import Client, ClientType, User
from mock_okta.storage import Storage
from mock_okta.web.site import Site

__all__ = ["OrgClient", "OrgResource", "client_body"]

_CONSOLE_TYPES = {
    ClientType.SPA: "spa",
    ClientType.WEB: "web",
    ClientType.NATIVE: "native",
    ClientType.SERVICE: "service",
}


class OrgFactor(Struct, frozen=True, kw_only=True):
    """A factor that a user has; `secret`: what its codes are made of (base32), or the answer."""

    id: str
    factor: str
    secret: str | UnsetType = UNSET


class OrgUser(Struct, frozen=True, kw_only=True):
    """A user, with the password, and with factors: the last used first."""

    id: str
    login: str
    password: str
    status: str
    factors: list[OrgFactor]


class OrgClient(Struct, frozen=True, kw_only=True):
    """A client, with its secret if it has one."""

    client_id: str
    name: str
    type: str
    client_secret: str | UnsetType = UNSET
    login_redirect_uris: tuple[str, ...]
    logout_redirect_uris: tuple[str, ...]
    grant_types: list[str]


class OrgFacts(Struct, frozen=True, kw_only=True):
    """The org; `issuers` by authorization server, `org` is the org's own."""

    url: str
    issuers: dict[str, str]
    users: list[OrgUser]
    clients: list[OrgClient]
    trusted_origins: list[str]


class OrgResource(Struct, frozen=True, kw_only=True):
    """Describes the org, passwords and secrets too: they are test data."""

    storage: Storage
    site: Site

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/org."""
        return (
            Operation(
                method="GET",
                path="/_mock/org",
                summary="Say where the org is, and who and what is in it, secrets too.",
                handler=self.describe,
                answer=OrgFacts,
            ),
        )

    async def describe(self, _: web.Request) -> OrgFacts:
        """Say where the org is, and who and what is in it."""
        users = await self.storage.users.values()
        servers = await self.storage.authorization_servers.values()
        return OrgFacts(
            url=self.site.url,
            issuers={server.id: server.issuer for server in servers},
            users=[_user_body(user) for user in users],
            clients=[client_body(client) for client in await self.storage.clients.values()],
            trusted_origins=[each.origin for each in await self.storage.trusted_origins.values()],
        )


def _user_body(user: User) -> OrgUser:
    return OrgUser(
        id=user.id,
        login=user.login,
        password=user.password,
        status=user.status,
        factors=[
            OrgFactor(
                id=each.id,
                factor=each.key,
                secret=UNSET if each.secret is None else each.secret,
            )
            for each in user.factors
        ],
    )


def client_body(client: Client) -> OrgClient:
    """Return a client as `/_mock` shows it."""
    return OrgClient(
        client_id=client.client_id,
        name=client.name,
        type=_CONSOLE_TYPES[client.type],
        client_secret=UNSET if client.client_secret is None else client.client_secret,
        login_redirect_uris=client.login_redirect_uris,
        logout_redirect_uris=client.logout_redirect_uris,
        grant_types=sorted(client.grant_types),
    )

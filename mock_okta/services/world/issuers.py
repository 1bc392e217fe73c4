"""Which of the org's names an issuer uses (facts/oauth A.1, A.5; `issuerMode` in Okta's API).

Sources: Okta's help, "Create an authorization server" and "Use of the Issuer": an app's own setting
counts only at the org authorization server.
"""

import msgspec
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer, IssuerMode
from mock_okta.model.clients import Client

__all__ = ["Issuers"]


class Issuers(Struct, frozen=True):
    """The issuers of one org, as a request to one of its names sees them.

    `urls`: the base URLs of all names, no trailing slash: custom domains first, the org's own last.
    `asked`: the index of the requested one.
    """

    urls: tuple[str, ...]
    asked: int = 0

    @property
    def has_one_name(self) -> bool:
        """Whether every mode gives the same issuer."""
        return len(self.urls) == 1

    @property
    def org_url(self) -> str:
        """The base URL of the org's own name."""
        return self.urls[-1]

    @property
    def custom_url(self) -> str:
        """The base URL of the first custom domain; without one, of the org's own name."""
        return self.urls[0]

    def url(self, mode: IssuerMode) -> str:
        """Return the base URL of issuers of that mode."""
        match mode:
            case IssuerMode.DYNAMIC:
                return self.urls[self.asked]
            case IssuerMode.ORG_URL:
                return self.org_url
            case IssuerMode.CUSTOM_URL:
                return self.custom_url

    def seen(
        self, server: AuthorizationServer, client: Client | None = None
    ) -> AuthorizationServer:
        """Return the server with the issuer that it has at the requested name, for that client."""
        if not server.is_org:
            issuer = self.url(server.issuer_mode) + server.path
            return _with(server, issuer, server.audience)
        issuer = self.url(IssuerMode.DYNAMIC if client is None else client.issuer_mode)
        return _with(server, issuer, issuer)

    def all_of(self, server: AuthorizationServer) -> frozenset[str]:
        """Return every issuer that the server can have."""
        return frozenset(url + ("" if server.is_org else server.path) for url in self.urls)


def _with(server: AuthorizationServer, issuer: str, audience: str) -> AuthorizationServer:
    if server.issuer == issuer:
        return server
    return msgspec.structs.replace(server, issuer=issuer, audience=audience)

"""Checks the access rules, and refuses with OAuth's errors (facts/oauth C.5, D.4)."""

from collections.abc import Iterable

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer, Lifetimes
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import NotAssigned, PolicyRefused
from mock_okta.oauth.errors import AccessDenied
from mock_okta.services.tokens.access import lifetimes_for, user_is_assigned
from mock_okta.storage import Storage

__all__ = ["Access"]


class Access(Struct, frozen=True):
    """Checks access: the app must be assigned to the user, and a policy rule must match."""

    storage: Storage

    async def of(
        self,
        server: AuthorizationServer,
        client: Client,
        grant_type: str,
        user: User | None,
        scopes: Iterable[str],
    ) -> Lifetimes:
        """Return the lifetimes from the policy; raise AccessDenied."""
        try:
            if user is not None:
                await user_is_assigned(self.storage, client, user)
            return lifetimes_for(server, client, grant_type, user, scopes)
        except NotAssigned as failure:
            raise AccessDenied(
                "User is not assigned to the client application.",
                remark=f"{failure} is not assigned to client {client.client_id}: "
                "see assigned_users and assigned_groups in the seed",
            ) from failure
        except PolicyRefused as failure:
            raise AccessDenied(
                "Policy evaluation failed for this request, "
                "please check the policy configurations.",
                remark=f"{failure}: see policies in the seed",
            ) from failure

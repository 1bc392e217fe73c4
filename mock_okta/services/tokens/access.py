"""Who may get which tokens: app assignments and access policies (facts/oauth C.3, F.7)."""

from collections.abc import Iterable
from datetime import timedelta

from mock_okta.model.authorization_servers import AuthorizationServer, Lifetimes, PolicyRule
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import NotAssigned, PolicyRefused
from mock_okta.storage import Storage

__all__ = ["lifetimes_for", "rule_for", "user_is_assigned"]

_ORG_LIFETIMES = Lifetimes(refresh_token=timedelta(days=90), refresh_token_idle=None)


async def user_is_assigned(storage: Storage, client: Client, user: User) -> None:
    """Raise NotAssigned unless the app is assigned to the user or to one of their groups."""
    if client.is_for_everybody:
        return
    for principal_id in (user.id, *user.group_ids):
        if await storage.assignments.get((client.client_id, principal_id)) is not None:
            return
    raise NotAssigned(user.login)


def lifetimes_for(
    server: AuthorizationServer,
    client: Client,
    grant_type: str,
    user: User | None,
    scopes: Iterable[str],
) -> Lifetimes:
    """Return the lifetimes that `rule_for` returns; raise PolicyRefused."""
    return rule_for(server, client, grant_type, user, scopes)[2]


def rule_for(
    server: AuthorizationServer,
    client: Client,
    grant_type: str,
    user: User | None,
    scopes: Iterable[str],
) -> tuple[str, str, Lifetimes]:
    """Return policy, rule and lifetimes of the first rule for client, grant, user and all scopes.

    The org authorization server has no policies: its lifetimes are fixed. Raises PolicyRefused.
    """
    if server.is_org:
        return "", "", _ORG_LIFETIMES
    asked = frozenset(scopes)
    for policy in server.policies:
        if policy.client_ids is None or client.client_id in policy.client_ids:
            for rule in policy.rules:
                if _covers(rule, grant_type, user, asked):
                    return policy.name, rule.name, rule.lifetimes
    raise PolicyRefused(
        f"no rule of server {server.id!r} covers client {client.client_id}, "
        f"grant {grant_type!r} and scopes {' '.join(sorted(asked))!r}"
    )


def _covers(rule: PolicyRule, grant_type: str, user: User | None, scopes: frozenset[str]) -> bool:
    if rule.grant_types is not None and grant_type not in rule.grant_types:
        return False
    if rule.scopes is not None and not scopes <= rule.scopes:
        return False
    if user is None or (rule.user_ids is None and rule.group_ids is None):
        return True
    return user.id in (rule.user_ids or ()) or not (rule.group_ids or set()).isdisjoint(
        user.group_ids
    )

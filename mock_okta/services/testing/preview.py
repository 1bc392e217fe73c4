"""Explains what a user or a client would get, and by which rules, without a sign-in."""

from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import NotAssigned, PolicyRefused
from mock_okta.model.insight import Decision, TokenPreview, TokenQuestion
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.directory.policies import Policies
from mock_okta.services.tokens.access import rule_for, user_is_assigned
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.services.world import World

__all__ = ["Preview"]


class Preview(Struct, frozen=True, kw_only=True):
    """Okta's Token Preview, with the decisions that come before the tokens."""

    world: World
    tokens: Tokens
    policies: Policies

    async def of(
        self, server: AuthorizationServer, client: Client, user: User | None, asked: TokenQuestion
    ) -> TokenPreview:
        """Return what would be decided and issued; nothing changes."""
        server = self.world.issuers.seen(server, client)
        default = tuple(each.name for each in server.scopes.values() if each.default)
        scopes = asked.scopes or default
        grant = asked.grant_type or ("client_credentials" if user is None else "authorization_code")
        decisions = [_grants(client, grant), _scopes(server, client, scopes)]
        if user is not None:
            decisions += [each async for each in self._about(client, user)]
        decisions.append(_access(server, client, grant, user, scopes))
        if not all(each.allowed for each in decisions):
            return TokenPreview(
                decisions=tuple(decisions), access_token=None, id_token=None, userinfo=None
            )
        _, _, lifetimes = rule_for(server, client, grant, user, scopes)
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=lifetimes,
            amr=("pwd",),
            authenticated_at=None if user is None else self.world.clock.now(),
        )
        return await self._issued(granted, tuple(decisions))

    async def _issued(self, granted: Granted, decisions: tuple[Decision, ...]) -> TokenPreview:
        claims, user = self.tokens.claims, granted.user
        access = await claims.access(granted, self.tokens.new_token_id())
        if user is None or "openid" not in granted.scopes:
            return TokenPreview(
                decisions=decisions, access_token=access, id_token=None, userinfo=None
            )
        scopes = list(granted.scopes)
        return TokenPreview(
            decisions=decisions,
            access_token=access,
            id_token=await claims.id(granted, None),
            userinfo=await claims.userinfo(granted.server, granted.client, user, scopes),
        )

    async def _about(self, client: Client, user: User) -> AsyncIterator[Decision]:
        yield Decision(
            subject="user",
            policy="",
            rule="",
            allowed=user.is_usable,
            why=f"{user.login} is {user.status}",
        )
        yield await self._assignment(client, user)
        policy, rule = await self.policies.sign_on_match(user)
        factor = "also asks for a second factor" if rule.require_factor else "asks for no factor"
        yield Decision(
            subject="global session (sign-on)",
            policy=policy,
            rule=rule.name,
            allowed=rule.access != "DENY",
            why=f"it says {rule.access}, and {factor}",
        )
        yield await self._authentication(client, user)

    async def _authentication(self, client: Client, user: User) -> Decision:
        wanted = await self.policies.authentication(client, user)
        kept = self.world.storage.authentication_policies
        named = await kept.get(client.authentication_policy_id or "")
        is_used = (await the_org(self.world.storage)).engine != "classic"
        note = "" if is_used else "; Classic Engine does not use this policy"
        return Decision(
            subject="authentication (app)",
            policy="" if named is None else named.name,
            rule=wanted.name,
            allowed=wanted.access != "DENY" or not is_used,
            why=f"it says {wanted.access}{note}",
        )

    async def _assignment(self, client: Client, user: User) -> Decision:
        try:
            await user_is_assigned(self.world.storage, client, user)
        except NotAssigned:
            is_assigned, why = False, "neither the user nor one of their groups is assigned"
        else:
            everybody = "everybody may use the app"
            is_assigned = True
            why = everybody if client.is_for_everybody else "the user or a group is assigned"
        return Decision(subject="app assignment", policy="", rule="", allowed=is_assigned, why=why)


def _grants(client: Client, grant: str) -> Decision:
    known = ", ".join(sorted(client.grant_types))
    return Decision(
        subject="grant type",
        policy="",
        rule="",
        allowed=grant in client.grant_types,
        why=f"asked for {grant}; client {client.client_id} has {known}",
    )


def _scopes(server: AuthorizationServer, client: Client, scopes: Iterable[str]) -> Decision:
    known = {*server.scopes, *(client.okta_scopes if server.is_org else ())}
    unknown = [each for each in scopes if each not in known]
    why = f"server {server.id!r} has no {' '.join(unknown)}" if unknown else "all are known"
    if not list(scopes):
        why = "none is asked for, and the server has no default scope"
    return Decision(
        subject="scopes", policy="", rule="", allowed=bool(list(scopes)) and not unknown, why=why
    )


def _access(
    server: AuthorizationServer,
    client: Client,
    grant: str,
    user: User | None,
    scopes: Iterable[str],
) -> Decision:
    try:
        policy, rule, lifetimes = rule_for(server, client, grant, user, scopes)
    except PolicyRefused as refused:
        return Decision(subject="access", policy="", rule="", allowed=False, why=str(refused))
    minutes = int(lifetimes.access_token.total_seconds() / 60)
    why = f"the access token lives for {minutes} min"
    return Decision(subject="access", policy=policy, rule=rule, allowed=True, why=why)

"""Which policy applies to which user: the first that covers them."""

from collections.abc import Mapping

from msgspec import Struct

from mock_okta.model.assurance import AuthenticationRule
from mock_okta.model.authenticators import (
    DEFAULT_AUTHENTICATORS,
    Authenticator,
    AuthenticatorKey,
)
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.policies import EnrollmentPolicy, PasswordPolicy, SignOnRule, covers
from mock_okta.services.world import World

__all__ = ["Policies"]

_DEFAULT = "default"
"""The id of default policies, which are not in the storage."""


class Policies(Struct, frozen=True, kw_only=True):
    """Finds the policies for a user; an org without policies of a kind has Okta's default."""

    world: World

    async def passwords(self, user: User | None) -> PasswordPolicy:
        """Return the password policy of the user; for None, the one that is for everyone."""
        for policy in await self.world.storage.password_policies.values():
            if policy.group_ids is None or (
                user is not None and covers(user, group_ids=policy.group_ids)
            ):
                return policy
        return PasswordPolicy(id=_DEFAULT, name="Default policy")

    async def sign_on(self, user: User) -> SignOnRule:
        """Return the rule for the user's sign-in; if no policy covers them, it denies access."""
        return (await self.sign_on_match(user))[1]

    async def sign_on_match(self, user: User) -> tuple[str, SignOnRule]:
        """Return that rule after the name of its policy, which is empty if no policy covers."""
        policies = await self.world.storage.sign_on_policies.values()
        for policy in policies:
            if covers(user, group_ids=policy.group_ids):
                for rule in policy.rules:
                    if covers(user, user_ids=rule.user_ids, group_ids=rule.group_ids):
                        return policy.name, rule
        return "", SignOnRule(name="No rule", access="DENY" if policies else "ALLOW")

    async def may_ask_for_password_later(self) -> bool:
        """Return whether some rule lets users begin a sign-in without a password."""
        policies = await self.world.storage.sign_on_policies.values()
        return any(rule.is_passwordless for policy in policies for rule in policy.rules)

    async def enrollment(self, user: User) -> EnrollmentPolicy:
        """Return the policy that says which factors the user must enrol, and which they may."""
        for policy in await self.world.storage.enrollment_policies.values():
            if covers(user, group_ids=policy.group_ids):
                return policy
        return EnrollmentPolicy(id=_DEFAULT, name="Default policy")

    async def authentication(self, client: Client, user: User) -> AuthenticationRule:
        """Return what the user has to prove to get to the app; nobody covered is denied access.

        An app without a policy has the org's default one: any one factor will do.
        """
        policies = self.world.storage.authentication_policies
        policy = await policies.get(client.authentication_policy_id or "")
        if policy is None:
            return AuthenticationRule(name="Default rule")
        for rule in policy.rules:
            if covers(user, user_ids=rule.user_ids, group_ids=rule.group_ids):
                return rule
        return AuthenticationRule(name="No rule", access="DENY")

    async def authenticators(self) -> Mapping[AuthenticatorKey, Authenticator]:
        """Return all authenticators of the org: those that nothing sets up as Okta has them."""
        kept = await self.world.storage.authenticators.values()
        return {**DEFAULT_AUTHENTICATORS, **{each.key: each for each in kept}}

"""The policies of a running org as a seed has them: ids become names, durations minutes."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from mock_okta.model.assurance import AuthenticationRule
from mock_okta.model.identity_providers import RoutingRule
from mock_okta.model.policies import SignOnRule
from mock_okta.model.seed import (
    SeedAuthenticationPolicy,
    SeedAuthenticationRule,
    SeedAuthenticator,
    SeedEnrollmentPolicy,
    SeedIdentityProvider,
    SeedPasswordPolicy,
    SeedProfileEnrollment,
    SeedRegistration,
    SeedRoutingRule,
    SeedSignOnPolicy,
    SeedSignOnRule,
)
from mock_okta.storage import Storage

__all__ = ["IdNames", "policies_of"]

_MINUTE = timedelta(minutes=1)


class IdNames(Struct, frozen=True, kw_only=True):
    """What the ids in records are called in a seed."""

    users: Mapping[str, str]
    groups: Mapping[str, str]
    policies: Mapping[str, str]
    clients: frozenset[str]
    servers: frozenset[str]
    providers: frozenset[str]

    @classmethod
    async def of(cls, storage: Storage) -> "IdNames":
        """Return the names of everything in the org."""
        policies = await storage.authentication_policies.values()
        return cls(
            users={each.id: each.login for each in await storage.users.values()},
            groups={each.id: each.name for each in await storage.groups.values()},
            policies={each.id: each.name for each in policies},
            clients=frozenset(each.client_id for each in await storage.clients.values()),
            servers=frozenset(each.id for each in await storage.authorization_servers.values()),
            providers=frozenset(each.id for each in await storage.identity_providers.values()),
        )

    def logins(self, ids: Iterable[str] | None) -> tuple[str, ...] | None:
        """Return the logins of users; None, which means any, for None."""
        return None if ids is None else tuple(sorted(self.users[i] for i in ids if i in self.users))

    def group_names(self, ids: Iterable[str] | None) -> tuple[str, ...] | None:
        """Return the names of groups in the order of `ids`; None, which means any, for None."""
        if ids is None:
            return None
        ordered = sorted(ids) if isinstance(ids, frozenset) else ids
        return tuple(self.groups[each] for each in ordered if each in self.groups)


async def policies_of(storage: Storage, names: IdNames) -> dict[str, Any]:
    """Return the members of a seed that are policies, authenticators or identity providers."""
    return {
        "password_policies": tuple(
            SeedPasswordPolicy(
                name=each.name,
                groups=names.group_names(each.group_ids),
                complexity=each.complexity,
                age=each.age,
                lockout=each.lockout,
                recovery=each.recovery,
            )
            for each in await storage.password_policies.values()
        ),
        "sign_on_policies": tuple(
            SeedSignOnPolicy(
                name=each.name,
                groups=names.group_names(each.group_ids),
                rules=tuple(_sign_on_rule(rule, names) for rule in each.rules),
            )
            for each in await storage.sign_on_policies.values()
        ),
        "enrollment_policies": tuple(
            SeedEnrollmentPolicy(
                name=each.name,
                groups=names.group_names(each.group_ids),
                required=tuple(key.value for key in each.required),
                optional=tuple(key.value for key in each.optional),
            )
            for each in await storage.enrollment_policies.values()
        ),
        **await _of_providers(storage, names),
        **await _of_identity_engine(storage, names),
        **await _forms(storage, names),
    }


async def _of_providers(storage: Storage, names: IdNames) -> dict[str, Any]:
    return {
        "identity_providers": tuple(
            SeedIdentityProvider(id=each.id, name=each.name, type=_any(each.type), users=each.users)
            for each in await storage.identity_providers.values()
        ),
        "routing_rules": tuple(
            _routing_rule(each)
            for each in await storage.routing_rules.values()
            if each.provider_id is None or each.provider_id in names.providers
        ),
    }


async def _of_identity_engine(storage: Storage, names: IdNames) -> dict[str, Any]:
    return {
        "authentication_policies": tuple(
            SeedAuthenticationPolicy(
                name=each.name,
                rules=tuple(_authentication_rule(rule, names) for rule in each.rules),
            )
            for each in await storage.authentication_policies.values()
        ),
        "authenticators": tuple(
            SeedAuthenticator(
                key=each.key, name=each.name, status=each.status, settings=each.settings
            )
            for each in await storage.authenticators.values()
        ),
    }


async def _forms(storage: Storage, names: IdNames) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    for registration in await storage.registration_policies.values():
        forms["registration"] = SeedRegistration(
            fields=registration.fields,
            activation_email=registration.activation_email,
            default_groups=names.group_names(registration.group_ids) or (),
        )
    for enrolment in await storage.profile_enrollments.values():
        forms["profile_enrollment"] = SeedProfileEnrollment(profile_attributes=enrolment.attributes)
    return forms


def _sign_on_rule(rule: SignOnRule, names: IdNames) -> SeedSignOnRule:
    lifetime = rule.session_lifetime
    return SeedSignOnRule(
        name=rule.name,
        users=names.logins(rule.user_ids),
        groups=names.group_names(rule.group_ids),
        access=rule.access,
        primary_factor=rule.primary_factor,
        require_factor=rule.require_factor,
        factor_prompt_mode=rule.prompt,
        factor_lifetime_minutes=rule.factor_lifetime // _MINUTE,
        remember_device_by_default=rule.remember_device_by_default,
        max_session_idle_minutes=rule.session_idle // _MINUTE,
        max_session_lifetime_minutes=0 if lifetime is None else lifetime // _MINUTE,
    )


def _authentication_rule(rule: AuthenticationRule, names: IdNames) -> SeedAuthenticationRule:
    return SeedAuthenticationRule(
        name=rule.name,
        users=names.logins(rule.user_ids),
        groups=names.group_names(rule.group_ids),
        access=rule.access,
        factor_mode=rule.factor_mode,
        reauthenticate_in=rule.reauthenticate_in,
        constraints=rule.constraints,
        keep_me_signed_in=rule.keep_me_signed_in,
    )


def _routing_rule(rule: RoutingRule) -> SeedRoutingRule:
    return SeedRoutingRule(
        idp=rule.provider_id or "OKTA",
        name=rule.name,
        domains=tuple(sorted(rule.domains)),
        logins=tuple(sorted(rule.logins)),
    )


def _any(value: Any) -> Any:
    return value

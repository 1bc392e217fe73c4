"""Policies, routing rules and identity providers of a seed as records.

Names become ids, and minutes durations.
"""

from datetime import datetime, timedelta

from mock_okta.ids import derived_id
from mock_okta.model.assurance import AuthenticationPolicy, AuthenticationRule
from mock_okta.model.authenticators import DEFAULT_AUTHENTICATORS, Authenticator
from mock_okta.model.factors import FactorKey
from mock_okta.model.identity_providers import IdentityProvider, RoutingRule
from mock_okta.model.policies import (
    EnrollmentPolicy,
    PasswordPolicy,
    ProfileEnrollment,
    RegistrationPolicy,
    SignOnPolicy,
    SignOnRule,
)
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
    provider_id_of,
)
from mock_okta.services.seeding.names import Names

__all__ = [
    "authentication_policy_of",
    "authenticator_of",
    "enrollment_policy_of",
    "identity_provider_of",
    "password_policy_of",
    "profile_enrollment_of",
    "registration_policy_of",
    "routing_rule_of",
    "sign_on_policy_of",
]


async def password_policy_of(seed: SeedPasswordPolicy, names: Names) -> PasswordPolicy:
    """Return the record; both share the types of their parts."""
    kept = names.storage.password_policies
    return PasswordPolicy(
        id=await names.policy_id(kept, "password", seed.name),
        name=seed.name,
        group_ids=await names.any_group_ids(seed.groups),
        complexity=seed.complexity,
        age=seed.age,
        lockout=seed.lockout,
        recovery=seed.recovery,
    )


async def sign_on_policy_of(seed: SeedSignOnPolicy, names: Names) -> SignOnPolicy:
    """Return the record."""
    return SignOnPolicy(
        id=await names.policy_id(names.storage.sign_on_policies, "sign_on", seed.name),
        name=seed.name,
        group_ids=await names.any_group_ids(seed.groups),
        rules=tuple([await _rule(rule, names) for rule in seed.rules]),
    )


async def enrollment_policy_of(seed: SeedEnrollmentPolicy, names: Names) -> EnrollmentPolicy:
    """Return the record; a policy that offers Okta Verify's push offers its codes too."""
    required = tuple(FactorKey(name) for name in seed.required)
    optional = tuple(FactorKey(name) for name in seed.optional)
    offered = {*required, *optional}
    if FactorKey.OKTA_PUSH in offered and FactorKey.OKTA_OTP not in offered:
        optional += (FactorKey.OKTA_OTP,)
    return EnrollmentPolicy(
        id=await names.policy_id(names.storage.enrollment_policies, "enrollment", seed.name),
        name=seed.name,
        group_ids=await names.any_group_ids(seed.groups),
        required=required,
        optional=optional,
    )


async def authentication_policy_of(
    seed: SeedAuthenticationPolicy, names: Names
) -> AuthenticationPolicy:
    """Return the record; its constraints are the seed's own."""
    return AuthenticationPolicy(
        id=await names.authentication_policy_id(seed.name),
        name=seed.name,
        rules=tuple([await _authentication_rule(rule, names) for rule in seed.rules]),
    )


def authenticator_of(seed: SeedAuthenticator) -> Authenticator:
    """Return the record, its name filled in."""
    usual = DEFAULT_AUTHENTICATORS[seed.key]
    return Authenticator(
        id=usual.id,
        key=seed.key,
        name=seed.name or usual.name,
        status=seed.status,
        settings=seed.settings,
    )


def profile_enrollment_of(seed: SeedProfileEnrollment) -> ProfileEnrollment:
    """Return the record; an org has one."""
    return ProfileEnrollment(
        id=derived_id("rst", "Default policy"), attributes=seed.profile_attributes
    )


async def registration_policy_of(
    seed: SeedRegistration, names: Names, now: datetime
) -> RegistrationPolicy:
    """Return the record; an org has one registration policy."""
    return RegistrationPolicy(
        id=derived_id("reg", "Default policy"),
        fields=seed.fields,
        activation_email=seed.activation_email,
        asks_password=seed.asks_password,
        group_ids=await names.group_ids(seed.default_groups),
        updated_at=now,
    )


async def _rule(seed: SeedSignOnRule, names: Names) -> SignOnRule:
    lifetime = seed.max_session_lifetime_minutes
    return SignOnRule(
        name=seed.name,
        user_ids=await names.user_ids(seed.users),
        group_ids=await names.any_group_ids(seed.groups),
        access=seed.access,
        primary_factor=seed.primary_factor,
        require_factor=seed.require_factor,
        prompt=seed.factor_prompt_mode,
        factor_lifetime=timedelta(minutes=seed.factor_lifetime_minutes),
        remember_device_by_default=seed.remember_device_by_default,
        session_idle=timedelta(minutes=seed.max_session_idle_minutes),
        session_lifetime=timedelta(minutes=lifetime) if lifetime else None,
    )


async def _authentication_rule(seed: SeedAuthenticationRule, names: Names) -> AuthenticationRule:
    return AuthenticationRule(
        name=seed.name,
        user_ids=await names.user_ids(seed.users),
        group_ids=await names.any_group_ids(seed.groups),
        access=seed.access,
        factor_mode=seed.factor_mode,
        reauthenticate_in=seed.reauthenticate_in,
        constraints=seed.constraints,
        keep_me_signed_in=seed.keep_me_signed_in,
    )


def identity_provider_of(seed: SeedIdentityProvider) -> IdentityProvider:
    """Return the record, its id filled in."""
    return IdentityProvider(
        id=provider_id_of(seed),
        name=seed.name,
        type=seed.type,
        users=seed.users,
    )


async def routing_rule_of(seed: SeedRoutingRule, names: Names) -> RoutingRule:
    """Return the record, with domains and logins in lower case."""
    name = seed.name or f"Route to {seed.idp}"
    return RoutingRule(
        id=await names.policy_id(names.storage.routing_rules, "routing", name),
        name=name,
        provider_id=await names.provider_id(seed.idp),
        domains=frozenset(domain.lower() for domain in seed.domains),
        logins=frozenset(login.lower() for login in seed.logins),
    )

"""Policies of a seed as records: the words are the same, names become sets, minutes durations."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mock_okta.ids import derived_id
from mock_okta.model.factors import FactorKey
from mock_okta.model.policies import (
    EnrollmentPolicy,
    PasswordPolicy,
    SignOnPolicy,
    SignOnRule,
)
from mock_okta.model.registration import RegistrationPolicy
from mock_okta.model.seed import (
    SeedEnrollmentPolicy,
    SeedPasswordPolicy,
    SeedRegistration,
    SeedSignOnPolicy,
    SeedSignOnRule,
)

__all__ = [
    "enrollment_policy_of",
    "password_policy_of",
    "registration_policy_of",
    "sign_on_policy_of",
]


def password_policy_of(seed: SeedPasswordPolicy) -> PasswordPolicy:
    """Return the record; its parts are the seed's own."""
    return PasswordPolicy(
        name=seed.name,
        groups=_any_of(seed.groups),
        complexity=seed.complexity,
        age=seed.age,
        lockout=seed.lockout,
        recovery=seed.recovery,
    )


def sign_on_policy_of(seed: SeedSignOnPolicy) -> SignOnPolicy:
    """Return the record."""
    return SignOnPolicy(
        name=seed.name,
        groups=_any_of(seed.groups),
        rules=tuple(_rule(rule) for rule in seed.rules),
    )


def enrollment_policy_of(seed: SeedEnrollmentPolicy) -> EnrollmentPolicy:
    """Return the record; the codes of Okta Verify are offered wherever its push is."""
    required = tuple(FactorKey(name) for name in seed.required)
    optional = tuple(FactorKey(name) for name in seed.optional)
    offered = {*required, *optional}
    if FactorKey.OKTA_PUSH in offered and FactorKey.OKTA_OTP not in offered:
        optional += (FactorKey.OKTA_OTP,)
    return EnrollmentPolicy(
        name=seed.name, groups=_any_of(seed.groups), required=required, optional=optional
    )


def registration_policy_of(seed: SeedRegistration, now: datetime) -> RegistrationPolicy:
    """Return the record; an org has one registration policy."""
    return RegistrationPolicy(
        id=derived_id("reg", "Default policy"),
        fields=seed.fields,
        activation_email=seed.activation_email,
        groups=seed.default_groups,
        updated_at=now,
    )


def _rule(seed: SeedSignOnRule) -> SignOnRule:
    lifetime = seed.max_session_lifetime_minutes
    return SignOnRule(
        name=seed.name,
        users=_any_of(seed.users),
        groups=_any_of(seed.groups),
        access=seed.access,
        primary_factor=seed.primary_factor,
        require_factor=seed.require_factor,
        prompt=seed.factor_prompt_mode,
        factor_lifetime=timedelta(minutes=seed.factor_lifetime_minutes),
        remember_device_by_default=seed.remember_device_by_default,
        session_idle=timedelta(minutes=seed.max_session_idle_minutes),
        session_lifetime=timedelta(minutes=lifetime) if lifetime else None,
    )


def _any_of(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)

"""What an app wants to be proved before a user gets to it: Okta's authentication policies."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from mock_okta.model.authenticators import AuthenticatorKey, AuthenticatorType, MethodName
from mock_okta.model.checks import require_duration
from mock_okta.model.factors import FactorKey

__all__ = [
    "Assurance",
    "AuthenticationMethod",
    "AuthenticationPolicy",
    "AuthenticationRule",
    "Constraint",
    "FactorConstraint",
    "KeepMeSignedIn",
    "PossessionConstraint",
    "Proof",
    "newest",
]

Requirement = Literal["REQUIRED", "OPTIONAL"]


class AuthenticationMethod(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authenticator, or one of its methods (Okta's `AuthenticationMethodObject`)."""

    key: AuthenticatorKey
    method: MethodName | None = None


class FactorConstraint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which factors of a type count, and whether one is needed (Okta's `AccessPolicyConstraint`).

    Empty lists restrict nothing. `reauthenticate_in`: how old the proof may be; it counts in place
    of the rule's.
    """

    required: bool = True
    types: tuple[AuthenticatorType, ...] = ()
    methods: tuple[MethodName, ...] = ()
    authentication_methods: tuple[AuthenticationMethod, ...] = ()
    excluded_authentication_methods: tuple[AuthenticationMethod, ...] = ()
    reauthenticate_in: timedelta | None = None

    def __post_init__(self) -> None:
        require_duration("reauthenticate_in", self.reauthenticate_in)


class PossessionConstraint(FactorConstraint, frozen=True, kw_only=True):
    """What a factor that the user has must be like (Okta's `PossessionConstraint`).

    `user_verification` REQUIRED: it found out by a PIN or biometrics who holds it. All factors here
    show that somebody is present, which `user_presence` asks for.
    """

    device_bound: Requirement = "OPTIONAL"
    hardware_protection: Requirement = "OPTIONAL"
    phishing_resistant: Requirement = "OPTIONAL"
    user_presence: Requirement = "REQUIRED"
    user_verification: Requirement = "OPTIONAL"


class Constraint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What factors must be like to count; a type that is left out is not restricted."""

    knowledge: FactorConstraint | None = None
    possession: PossessionConstraint | None = None


class Assurance(Struct, frozen=True, kw_only=True):
    """How much has to be proved: as many factor types as `factor_mode` says, by one constraint.

    With several constraints any one of them will do; without any, every factor does.
    `reauthenticate_in`: how old a proof may be. None: as old as the session; zero: it was made for
    this very request.
    """

    factor_mode: Literal["1FA", "2FA"] = "1FA"
    reauthenticate_in: timedelta | None = None
    constraints: tuple[Constraint, ...] = ()


class KeepMeSignedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether users are asked, at the end of a sign-in, to stay signed in, and how often."""

    post_auth: Literal["ALLOWED", "NOT_ALLOWED"] = "NOT_ALLOWED"
    post_auth_prompt_frequency: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        require_duration("post_auth_prompt_frequency", self.post_auth_prompt_frequency)


class AuthenticationRule(Assurance, frozen=True, kw_only=True):
    """What some users need to get to an app; None as users and groups means anybody."""

    name: str
    user_ids: frozenset[str] | None = None
    group_ids: frozenset[str] | None = None
    access: Literal["ALLOW", "DENY"] = "ALLOW"
    keep_me_signed_in: KeepMeSignedIn = KeepMeSignedIn()


class AuthenticationPolicy(Struct, frozen=True, kw_only=True):
    """The authentication policy of some apps; its first rule that covers the user counts."""

    id: str
    name: str
    rules: tuple[AuthenticationRule, ...] = ()


class Proof(Struct, frozen=True, kw_only=True):
    """That a user proved a factor at an instant.

    `keys`: the factor; several where the claim `amr` alone tells of it, and it may have been any of
    them; none where an identity provider outside the org vouches for the user. `verifies_user`: a
    PIN or biometrics showed who held it.
    """

    keys: frozenset[FactorKey]
    at: datetime
    verifies_user: bool = False


def newest(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Return the last of the proofs of each factor: with and without the user verified."""
    return tuple({(each.keys, each.verifies_user): each for each in proofs}.values())

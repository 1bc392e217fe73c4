"""What a user has proved and what they could; which factor types a proof counts for. No I/O."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec import Struct

from mock_okta.model.assurance import (
    Assurance,
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
)
from mock_okta.model.authenticators import (
    METHODS,
    Authenticator,
    AuthenticatorKey,
    FactorType,
    Method,
)
from mock_okta.model.directory import User
from mock_okta.model.factors import FactorKey, FactorStatus
from mock_okta.model.policies import EnrollmentPolicy
from mock_okta.model.sessions import Session

__all__ = [
    "Evidence",
    "FactorTypes",
    "credit_of",
    "credited",
    "enrollable_keys",
    "enrolled_keys",
    "proofs_of",
    "session_proofs",
]

FactorTypes = frozenset[FactorType]
_INHERENCE: FactorTypes = frozenset({"INHERENCE"})
_FEDERATED: frozenset[FactorKey] = frozenset()
_KEYS: Mapping[str, frozenset[FactorKey]] = MappingProxyType(
    {
        "pwd": frozenset({FactorKey.PASSWORD}),
        "kba": frozenset({FactorKey.QUESTION}),
        "email": frozenset({FactorKey.EMAIL}),
        "sms": frozenset({FactorKey.SMS}),
        "tel": frozenset({FactorKey.CALL}),
        "otp": frozenset({FactorKey.GOOGLE_OTP, FactorKey.OKTA_OTP, FactorKey.CUSTOM_OTP}),
        "swk": frozenset({FactorKey.OKTA_PUSH}),
        "pop": frozenset({FactorKey.SIGNED_NONCE}),
        "hwk": frozenset({FactorKey.WEBAUTHN}),
        "fed": _FEDERATED,
    }
)
"""Which factors may be behind a word of the claim `amr` (facts/oauth F.6)."""
_FIRST = ("pwd", "fed")
"""What a session begins with, unless it began without a password."""


class Evidence(Struct, frozen=True, kw_only=True):
    """What a user has proved, and what they could.

    `proofs`: made for the request at hand, and so never too old; `earlier`: of the session that the
    user has. `enrolled`: what they have, the password too; `enrollable`: what they may enrol, in
    the order in which it is offered.
    """

    now: datetime
    proofs: tuple[Proof, ...] = ()
    earlier: tuple[Proof, ...] = ()
    enrolled: frozenset[FactorKey] = frozenset()
    enrollable: tuple[FactorKey, ...] = ()


def proofs_of(
    amr: Iterable[str],
    authenticated_at: datetime,
    factor_verified_at: datetime | None = None,
    *,
    known: tuple[Proof, ...] = (),
) -> tuple[Proof, ...]:
    """Return the `known` proofs, and those that only the claim `amr` shows.

    `amr` says less: `otp` may stand for several factors, and `hwk` does not say whether the user
    was verified.
    """
    keys = {each.keys for each in known}
    later = factor_verified_at or authenticated_at
    others = [
        Proof(keys=_KEYS[word], at=authenticated_at if word in _FIRST else later)
        for word in amr
        if word in _KEYS and not any(each <= _KEYS[word] for each in keys - {_FEDERATED})
    ]
    return *known, *(each for each in others if each.keys not in keys)


def session_proofs(session: Session) -> tuple[Proof, ...]:
    """Return what was proved in the session; Classic Engine keeps only its `amr`."""
    return proofs_of(
        session.amr, session.authenticated_at, session.factor_verified_at, known=session.proofs
    )


def enrolled_keys(
    user: User, authenticators: Mapping[AuthenticatorKey, Authenticator]
) -> frozenset[FactorKey]:
    """Return what the user can sign in with, if the org's authenticator allows sign-ins."""
    active = {each.key for each in user.factors if each.status is FactorStatus.ACTIVE}
    has = {*active, *([FactorKey.PASSWORD] if user.password else [])}
    return frozenset(key for key in has if authenticators[METHODS[key].authenticator].signs_in)


def enrollable_keys(
    user: User,
    policy: EnrollmentPolicy,
    authenticators: Mapping[AuthenticatorKey, Authenticator],
) -> tuple[FactorKey, ...]:
    """Return what the user may enrol: the password, if they have none, then as the policy says."""
    has = {each.key for each in user.factors if each.status is FactorStatus.ACTIVE}
    offered = (*([] if user.password else [FactorKey.PASSWORD]), *policy.required, *policy.optional)
    return tuple(
        key
        for key in dict.fromkeys(offered)
        if key not in has and authenticators[METHODS[key].authenticator].status == "ACTIVE"
    )


def credited(assurance: Assurance, constraint: Constraint, evidence: Evidence) -> FactorTypes:
    """Return the factor types that count, of all that was proved and is not too old."""
    made = [credit_of(proof, constraint) for proof in evidence.proofs]
    for proof in evidence.earlier:
        types = credit_of(proof, constraint)
        if _is_young(proof, types, assurance, constraint, evidence.now):
            made.append(types)
    return frozenset().union(*made)


def _is_young(
    proof: Proof, types: FactorTypes, assurance: Assurance, constraint: Constraint, now: datetime
) -> bool:
    part = constraint.knowledge if "KNOWLEDGE" in types else constraint.possession
    limit = assurance.reauthenticate_in
    if part is not None and part.reauthenticate_in is not None:
        limit = part.reauthenticate_in
    return limit is None or (now - proof.at <= limit and limit > timedelta())


def credit_of(proof: Proof, constraint: Constraint) -> FactorTypes:
    """Return for which factor types the proof counts, no matter which of its keys it was.

    An identity provider stands in for the password, as in Okta's choice "Password / IdP".
    """
    keys = proof.keys or (FactorKey.PASSWORD,)
    verified = proof.verifies_user
    each = [_method_credit(METHODS[key], constraint, verifies_user=verified) for key in keys]
    return each[0].intersection(*each[1:])


def _method_credit(method: Method, constraint: Constraint, *, verifies_user: bool) -> FactorTypes:
    is_known = method.proves == "KNOWLEDGE"
    part = constraint.knowledge if is_known else constraint.possession
    if part is not None and not _suits(method, part, verifies_user=verifies_user):
        return frozenset()
    types: FactorTypes = frozenset({method.proves})
    return types | _INHERENCE if verifies_user and method.verifies_user else types


def _suits(method: Method, part: FactorConstraint, *, verifies_user: bool) -> bool:
    """Return whether a factor is as the constraint wants it."""
    if part.types and method.type not in part.types:
        return False
    if part.methods and method.name not in part.methods:
        return False
    allowed, excluded = part.authentication_methods, part.excluded_authentication_methods
    if allowed and not any(_is_of(method, each) for each in allowed):
        return False
    if any(_is_of(method, each) for each in excluded):
        return False
    if not isinstance(part, PossessionConstraint):
        return True
    is_so = (
        (part.device_bound, method.device_bound),
        (part.hardware_protection, method.hardware_protected),
        (part.phishing_resistant, method.phishing_resistant),
        (part.user_verification, method.verifies_user and verifies_user),
    )
    return all(is_true for wanted, is_true in is_so if wanted == "REQUIRED")


def _is_of(method: Method, named: AuthenticationMethod) -> bool:
    return method.authenticator == named.key and named.method in (None, method.name)

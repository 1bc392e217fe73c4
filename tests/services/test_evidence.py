"""What a proof is, what the claim `amr` tells of proofs, and what users have and may enrol."""

from inspect import isclass

import pytest
from msgspec import structs

from mock_okta.model.assurance import Constraint, Proof, newest
from mock_okta.model.authenticators import DEFAULT_AUTHENTICATORS, METHODS, AuthenticatorSettings
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.policies import EnrollmentPolicy
from mock_okta.model.sessions import Session
from mock_okta.services import factors
from mock_okta.services.sign_in.evidence import (
    credit_of,
    enrollable_keys,
    enrolled_keys,
    proofs_of,
    session_proofs,
)
from tests.services.assurances import (
    CALL,
    GOOGLE,
    HOUR,
    KBA,
    KEY,
    MAIL,
    NOW,
    OTP,
    PUSH,
    PWD,
    SMS,
    TOKEN,
    proof,
)


@pytest.mark.parametrize(
    ("made", "types"),
    [
        (proof(PWD), {"KNOWLEDGE"}),
        (proof(KBA), {"KNOWLEDGE"}),
        *[(proof(key), {"POSSESSION"}) for key in (MAIL, SMS, CALL, GOOGLE, OTP, PUSH, KEY, TOKEN)],
        (proof(KEY, verified=True), {"POSSESSION", "INHERENCE"}),
        (proof(SMS, verified=True), {"POSSESSION"}),
        (proof(GOOGLE, OTP), {"POSSESSION"}),
        (proof(PWD, SMS), set()),  # what it may have been has no type in common
        (proof(), {"KNOWLEDGE"}),  # an identity provider stands in for the password
    ],
)
def test_a_proof_shows_what_its_factor_is(made: Proof, types: set[str]) -> None:
    assert credit_of(made, Constraint()) == types


def test_amr_tells_of_proofs() -> None:
    later = NOW + HOUR
    assert set(proofs_of(("mfa", "otp", "pwd"), NOW, later)) == {
        Proof(keys=frozenset({PWD}), at=NOW),
        Proof(keys=frozenset({GOOGLE, OTP, TOKEN}), at=later),
    }
    assert proofs_of(("fed",), NOW) == (Proof(keys=frozenset(), at=NOW),)
    assert proofs_of(("hwk",), NOW) == (Proof(keys=frozenset({KEY}), at=NOW),)


def test_what_is_known_of_a_proof_is_not_guessed() -> None:
    known = (proof(GOOGLE), proof(KEY, verified=True), proof())
    assert proofs_of(("fed", "hwk", "otp"), NOW, known=known) == known
    added = proofs_of(("fed", "otp", "pwd"), NOW, known=known)
    assert added == (*known, Proof(keys=frozenset({PWD}), at=NOW))


def test_a_session_s_proofs_are_those_kept_and_those_of_its_amr() -> None:
    session = Session(
        id="102",
        user_id="00u",
        amr=("mfa", "otp", "pwd"),
        created_at=NOW,
        authenticated_at=NOW,
        expires_at=NOW + HOUR,
        proofs=(proof(OTP),),
    )
    assert session_proofs(session) == (proof(OTP), proof(PWD))


def test_the_newest_proof_of_each_factor_is_kept() -> None:
    first, second = proof(SMS, ago=HOUR), proof(SMS)
    other = proof(KEY, verified=True)
    assert set(newest((first, other, proof(KEY), second))) == {second, other, proof(KEY)}


def test_each_kind_of_factor_has_a_method_and_is_reported_by_its_amr() -> None:
    exported = [vars(factors)[name] for name in factors.__all__]
    kinds = [each for each in exported if isclass(each) and issubclass(each, factors.FactorKind)]
    told = {each.key: proofs_of(each.amr, NOW) for each in kinds if hasattr(each, "key")}
    assert set(told) == set(METHODS) == set(FactorKey)
    assert all(key in made.keys for key, proofs in told.items() for made in proofs)
    assert all(len(proofs) == 1 for proofs in told.values())


USER = User(
    id="00u",
    login="a@example.com",
    password="x",
    profile={},
    group_ids=(),
    created_at=NOW,
    last_updated_at=NOW,
    password_changed_at=NOW,
    factors=tuple(
        Factor(id=key, key=key, created_at=NOW, status=status)
        for key, status in (
            (SMS, FactorStatus.ACTIVE),
            (GOOGLE, FactorStatus.PENDING_ACTIVATION),
            (MAIL, FactorStatus.ACTIVE),
        )
    ),
)


def test_a_user_signs_in_with_what_is_active() -> None:
    assert enrolled_keys(USER, DEFAULT_AUTHENTICATORS) == {PWD, SMS, MAIL}
    without = structs.replace(USER, password="")
    recovers = structs.replace(
        DEFAULT_AUTHENTICATORS["okta_email"], settings=AuthenticatorSettings(allowed_for="recovery")
    )
    off = structs.replace(DEFAULT_AUTHENTICATORS["phone_number"], status="INACTIVE")
    assert enrolled_keys(without, {**DEFAULT_AUTHENTICATORS, "okta_email": recovers}) == {SMS}
    assert enrolled_keys(without, {**DEFAULT_AUTHENTICATORS, "phone_number": off}) == {MAIL}


def test_a_user_enrols_what_the_policy_offers_and_the_org_has() -> None:
    policy = EnrollmentPolicy(id="", name="", required=(GOOGLE, SMS), optional=(KEY, TOKEN))
    assert enrollable_keys(USER, policy, DEFAULT_AUTHENTICATORS) == (GOOGLE, KEY)
    without = structs.replace(USER, password="")
    assert enrollable_keys(without, policy, DEFAULT_AUTHENTICATORS) == (PWD, GOOGLE, KEY)

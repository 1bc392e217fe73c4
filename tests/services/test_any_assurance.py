"""What holds for any assurances and any proofs."""

from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from mock_okta.model.assurance import (
    Assurance,
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
)
from mock_okta.model.authenticators import METHODS
from mock_okta.model.factors import FactorKey
from mock_okta.model.progress import Step
from mock_okta.services.sign_in.assurance import due, is_met
from mock_okta.services.sign_in.evidence import Evidence, credit_of
from tests.services.assurances import HOUR, NOW, proof

LIMITS = st.sampled_from([None, timedelta(), HOUR])
REQUIREMENTS = st.sampled_from(["OPTIONAL", "REQUIRED"])
KINDS = st.lists(
    st.sampled_from(["password", "email", "phone", "app", "security_key"]), max_size=2
).map(tuple)
NAMED = st.lists(
    st.sampled_from(sorted({method.authenticator for method in METHODS.values()})).map(
        lambda key: AuthenticationMethod(key=key)  # type: ignore[arg-type] -- of the table
    ),
    max_size=2,
).map(tuple)
PARTS = {
    "required": st.booleans(),
    "types": KINDS,
    "excluded_authentication_methods": NAMED,
    "reauthenticate_in": LIMITS,
}
KNOWLEDGE = st.builds(FactorConstraint, **PARTS)
POSSESSION = st.builds(
    PossessionConstraint,
    **PARTS,
    device_bound=REQUIREMENTS,
    phishing_resistant=REQUIREMENTS,
    user_verification=REQUIREMENTS,
)
CONSTRAINTS = st.lists(
    st.builds(Constraint, knowledge=st.none() | KNOWLEDGE, possession=st.none() | POSSESSION),
    max_size=2,
).map(tuple)
ASSURANCES = st.builds(
    Assurance,
    factor_mode=st.sampled_from(["1FA", "2FA"]),
    reauthenticate_in=LIMITS,
    constraints=CONSTRAINTS,
)
PROOFS = st.builds(
    Proof,
    keys=st.frozensets(st.sampled_from(list(FactorKey)), max_size=1),
    at=st.sampled_from([NOW, NOW - HOUR, NOW - 2 * HOUR]),
    verifies_user=st.booleans(),
)
MANY = st.lists(PROOFS, max_size=3).map(tuple)
KEYS = st.frozensets(st.sampled_from(list(FactorKey)), max_size=6)
EVIDENCE = st.builds(
    Evidence,
    now=st.just(NOW),
    proofs=MANY,
    earlier=MANY,
    enrolled=KEYS,
    enrollable=KEYS.map(sorted).map(tuple),
)


# A busy machine may take long to draw a policy.
AT_ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@AT_ANY_SPEED
@given(ASSURANCES, EVIDENCE, PROOFS)
def test_one_proof_more_never_makes_an_assurance_unmet(
    assurance: Assurance, evidence: Evidence, more: Proof
) -> None:
    if is_met(assurance, evidence):
        for name in ("proofs", "earlier"):
            both = (*getattr(evidence, name), more)
            assert is_met(assurance, structs.replace(evidence, **{name: both}))


@AT_ANY_SPEED
@given(ASSURANCES, EVIDENCE)
def test_two_factors_are_two_types(assurance: Assurance, evidence: Evidence) -> None:
    two = structs.replace(assurance, factor_mode="2FA")
    types = frozenset[str]().union(
        *(credit_of(each, Constraint()) for each in (*evidence.proofs, *evidence.earlier))
    )
    if is_met(two, evidence):
        assert len(types) >= 2
        assert is_met(structs.replace(assurance, factor_mode="1FA"), evidence)


PROVED_AND_GONE = Evidence(  # FastPass was proved, and is no more
    now=NOW,
    proofs=(proof(FactorKey.SIGNED_NONCE),),
    enrollable=(FactorKey.PASSWORD, FactorKey.SIGNED_NONCE),
)


@AT_ANY_SPEED
@given(st.lists(ASSURANCES, max_size=3), EVIDENCE)
@example([Assurance(factor_mode="2FA")], PROVED_AND_GONE)
def test_a_user_who_does_what_is_due_arrives_or_is_refused_at_once(
    assurances: list[Assurance], evidence: Evidence
) -> None:
    """Each key is asked for once: no sign-in goes round in circles."""
    for _ in range(2 * len(FactorKey)):
        found = due(assurances, evidence)
        if found.is_done:
            assert all(is_met(each, evidence) for each in assurances)
            return
        if found.is_refused:
            return
        key = found.keys[-1]
        made = proof(key, verified=METHODS[key].verifies_user)
        assert not any(key in each.keys for each in evidence.proofs)
        if found.step is Step.PROVE_FACTOR:
            assert key in evidence.enrolled
        else:
            assert key in evidence.enrollable
            assert evidence.proofs or evidence.earlier
        evidence = structs.replace(
            evidence, proofs=(*evidence.proofs, made), enrolled=evidence.enrolled | {key}
        )
    raise AssertionError("the sign-in does not end")


@AT_ANY_SPEED
@given(st.lists(ASSURANCES, min_size=1, max_size=3), EVIDENCE)
def test_who_can_prove_enough_is_never_refused(
    assurances: list[Assurance], evidence: Evidence
) -> None:
    had = frozenset().union(*(each.keys for each in evidence.proofs))
    all_that_there_is = tuple(
        proof(key, verified=METHODS[key].verifies_user) for key in evidence.enrolled - had
    )
    best = structs.replace(evidence, proofs=(*evidence.proofs, *all_that_there_is))
    if all(is_met(each, best) for each in assurances):
        found = due(assurances, evidence)
        assert found.is_done or found.step is Step.PROVE_FACTOR

"""What proofs are worth, and which more would do: tables, and what holds for any policy."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from inspect import isclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from mock_okta.model.assurance import (
    Assurance,
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
    newest,
)
from mock_okta.model.authenticators import DEFAULT_AUTHENTICATORS, METHODS, AuthenticatorSettings
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.policies import EnrollmentPolicy, SignOnRule
from mock_okta.model.progress import Step
from mock_okta.model.records import Session
from mock_okta.services import factors
from mock_okta.services.sign_in.assurance import (
    TWO_FACTORS,
    Due,
    Evidence,
    asked_assurance,
    due,
    enrollable_keys,
    enrolled_keys,
    factor_types,
    is_met,
    proofs_of,
    session_assurances,
    session_proofs,
)

NOW = datetime(2031, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PWD, KBA, MAIL = FactorKey.PASSWORD, FactorKey.QUESTION, FactorKey.EMAIL
SMS, CALL, GOOGLE = FactorKey.SMS, FactorKey.CALL, FactorKey.GOOGLE_OTP
OTP, PUSH, KEY = FactorKey.OKTA_OTP, FactorKey.OKTA_PUSH, FactorKey.WEBAUTHN
TOKEN = FactorKey.CUSTOM_OTP
# FastPass counts for the same as a security key.
EVERYTHING = frozenset(FactorKey) - {FactorKey.SIGNED_NONCE}

ONE = Assurance()
PASSWORD = Assurance(constraints=(Constraint(knowledge=FactorConstraint(types=("password",))),))


def having(**wanted: object) -> Assurance:
    """Return an assurance of one factor that the user has, which must be like that."""
    return Assurance(constraints=(Constraint(possession=PossessionConstraint(**wanted)),))  # type: ignore[arg-type] -- as the tables have it


RESISTANT = having(phishing_resistant="REQUIRED")
VERIFIED = having(user_verification="REQUIRED")
BOUND = having(device_bound="REQUIRED")
HARDWARE = having(hardware_protection="REQUIRED")
PHONE = having(types=("phone",))
TEXT = having(methods=("sms",))
OKTA_VERIFY = having(authentication_methods=(AuthenticationMethod(key="okta_verify"),))
OKTA_PUSH = having(authentication_methods=(AuthenticationMethod(key="okta_verify", method="push"),))
NO_PHONE = having(excluded_authentication_methods=(AuthenticationMethod(key="phone_number"),))
BOUND_IF_ANY = Assurance(
    factor_mode="2FA",
    constraints=(
        Constraint(
            knowledge=FactorConstraint(required=False, types=("password",)),
            possession=PossessionConstraint(required=False, device_bound="REQUIRED"),
        ),
    ),
)
"""As recorded (Okta's Terraform provider, `factorMode` 2FA with nothing required of either)."""
RESISTANT_OR_PASSWORD_AND_PHONE = Assurance(
    constraints=(
        Constraint(possession=PossessionConstraint(phishing_resistant="REQUIRED")),
        Constraint(
            knowledge=FactorConstraint(types=("password",)),
            possession=PossessionConstraint(types=("phone",)),
        ),
    )
)


def proof(*keys: FactorKey, ago: timedelta = timedelta(), verified: bool = False) -> Proof:
    return Proof(keys=frozenset(keys), at=NOW - ago, verifies_user=verified)


def proved(*keys: FactorKey) -> Evidence:
    return Evidence(now=NOW, proofs=tuple(map(proof, keys)))


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
    assert factor_types(made) == types


@pytest.mark.parametrize(
    ("assurance", "enough", "too_little"),
    [
        (ONE, [[PWD], [KBA], [MAIL], [KEY]], [[]]),
        (
            TWO_FACTORS,
            [[PWD, SMS], [KBA, MAIL], [PWD, KEY]],
            [[], [PWD], [PWD, KBA], [SMS, MAIL], [KEY, PUSH]],
        ),
        (PASSWORD, [[PWD], [PWD, SMS]], [[KBA], [SMS, MAIL]]),
        (RESISTANT, [[KEY]], [[PWD, PUSH, OTP, SMS]]),
        (HARDWARE, [[KEY]], [[PWD, PUSH, TOKEN]]),
        (BOUND, [[KEY], [PUSH], [OTP], [GOOGLE], [TOKEN]], [[PWD, MAIL, SMS, CALL]]),
        (PHONE, [[SMS], [CALL]], [[PWD, MAIL, PUSH]]),
        (TEXT, [[SMS]], [[CALL, PWD]]),
        (OKTA_VERIFY, [[PUSH], [OTP]], [[GOOGLE, PWD]]),
        (OKTA_PUSH, [[PUSH]], [[OTP, PWD]]),
        (NO_PHONE, [[MAIL], [SMS, KEY]], [[PWD, SMS, CALL]]),
        (VERIFIED, [], [[PWD, KEY, PUSH]]),
        (BOUND_IF_ANY, [[PWD, OTP]], [[PWD], [OTP], [PWD, SMS], [KBA, OTP], [OTP, KEY]]),
        (
            structs.replace(BOUND_IF_ANY, factor_mode="1FA"),
            [[PWD], [OTP], [SMS, KEY]],
            [[SMS], [KBA], [KBA, MAIL]],
        ),
        (
            RESISTANT_OR_PASSWORD_AND_PHONE,
            [[KEY], [PWD, SMS], [PWD, CALL]],
            [[PWD, PUSH], [SMS], [KBA, SMS]],
        ),
    ],
)
def test_which_proofs_are_enough(
    assurance: Assurance, enough: Sequence[Sequence[FactorKey]], too_little: Sequence[object]
) -> None:
    assert all(is_met(assurance, proved(*keys)) for keys in enough)
    assert not any(is_met(assurance, proved(*keys)) for keys in too_little)  # type: ignore[misc] -- keys


def test_a_key_that_verifies_its_user_is_two_factors() -> None:
    evidence = Evidence(now=NOW, proofs=(proof(KEY, verified=True),))
    assert all(is_met(each, evidence) for each in (TWO_FACTORS, RESISTANT, VERIFIED))
    assert not is_met(BOUND_IF_ANY, Evidence(now=NOW, proofs=(proof(MAIL, verified=True),)))


def test_an_excluded_key_is_no_factor_by_its_user_s_biometrics_either() -> None:
    excluded = (AuthenticationMethod(key="webauthn"),)
    possession = PossessionConstraint(required=False, excluded_authentication_methods=excluded)
    assurance = structs.replace(TWO_FACTORS, constraints=(Constraint(possession=possession),))
    made = (proof(PWD), proof(KEY, verified=True))
    assert not is_met(assurance, Evidence(now=NOW, proofs=made))
    assert is_met(assurance, Evidence(now=NOW, proofs=(*made, proof(SMS))))


def test_a_proof_that_may_be_of_several_factors_counts_where_each_of_them_would() -> None:
    evidence = Evidence(now=NOW, proofs=(proof(GOOGLE, OTP, TOKEN),))
    assert is_met(BOUND, evidence)
    assert not is_met(OKTA_VERIFY, evidence)


@pytest.mark.parametrize(
    ("limit", "ago", "is_young"),
    [
        (None, timedelta(days=300), True),
        (HOUR, timedelta(), True),
        (HOUR, HOUR, True),
        (HOUR, HOUR + timedelta(seconds=1), False),
        (timedelta(), timedelta(), False),
    ],
)
def test_a_session_s_proof_must_be_young_enough(
    limit: timedelta | None, ago: timedelta, *, is_young: bool
) -> None:
    assurance = Assurance(reauthenticate_in=limit)
    assert is_met(assurance, Evidence(now=NOW, earlier=(proof(PWD, ago=ago),))) is is_young
    assert is_met(assurance, Evidence(now=NOW, proofs=(proof(PWD, ago=ago),)))


def test_a_constraint_s_own_limit_counts_in_place_of_the_rule_s() -> None:
    knowledge = FactorConstraint(reauthenticate_in=2 * HOUR)
    possession = PossessionConstraint(reauthenticate_in=timedelta())
    both = (Constraint(knowledge=knowledge, possession=possession),)
    assurance = Assurance(factor_mode="2FA", reauthenticate_in=HOUR, constraints=both)
    password, code = proof(PWD, ago=1.5 * HOUR), proof(SMS)
    assert not is_met(assurance, Evidence(now=NOW, earlier=(password, code)))
    assert is_met(assurance, Evidence(now=NOW, earlier=(password,), proofs=(code,)))


def at_sign_in(
    *proofs: Proof,
    enrolled: Iterable[FactorKey] = EVERYTHING,
    enrollable: tuple[FactorKey, ...] = (),
) -> Evidence:
    return Evidence(now=NOW, proofs=proofs, enrolled=frozenset(enrolled), enrollable=enrollable)


POSSESSIONS = (SMS, CALL, MAIL, GOOGLE, OTP, PUSH, KEY, TOKEN)
PASSWORD_FIRST = session_assurances(SignOnRule(name=""))
PASSWORD_AND_MORE = session_assurances(SignOnRule(name="", require_factor=True))
ANYTHING = session_assurances(SignOnRule(name="", primary_factor="PASSWORD_IDP_ANY_FACTOR"))


@pytest.mark.parametrize(
    ("assurances", "evidence", "keys"),
    [
        pytest.param(PASSWORD_FIRST, at_sign_in(), {PWD}, id="the password first"),
        pytest.param(ANYTHING, at_sign_in(), EVERYTHING, id="any factor"),
        pytest.param(PASSWORD_AND_MORE, at_sign_in(), {PWD}, id="the password before the second"),
        pytest.param(PASSWORD_AND_MORE, at_sign_in(proof(PWD)), POSSESSIONS, id="then the second"),
        pytest.param(PASSWORD_AND_MORE, at_sign_in(proof()), POSSESSIONS, id="after a provider"),
        pytest.param([TWO_FACTORS], at_sign_in(proof(SMS)), {PWD, KBA, KEY}, id="another type"),
        pytest.param([TWO_FACTORS], at_sign_in(), EVERYTHING, id="any first of two"),
        pytest.param([*ANYTHING, RESISTANT], at_sign_in(), {KEY}, id="one for both"),
        pytest.param([*PASSWORD_FIRST, RESISTANT], at_sign_in(), {PWD}, id="one after the other"),
        pytest.param(
            [*PASSWORD_FIRST, RESISTANT], at_sign_in(proof(PWD)), {KEY}, id="then the other"
        ),
        pytest.param(
            [RESISTANT_OR_PASSWORD_AND_PHONE], at_sign_in(), {KEY, PWD, SMS, CALL}, id="either way"
        ),
        pytest.param(
            [RESISTANT_OR_PASSWORD_AND_PHONE],
            at_sign_in(proof(PWD)),
            {KEY, SMS, CALL},
            id="either way on",
        ),
        pytest.param(
            [Assurance(reauthenticate_in=timedelta())],
            Evidence(now=NOW, earlier=(proof(PWD),), enrolled=frozenset({PWD})),
            {PWD},
            id="again",
        ),
        pytest.param(
            [TWO_FACTORS],
            at_sign_in(proof(PWD), enrolled={PWD, SMS}, enrollable=(KEY,)),
            {SMS},
            id="what one has before what one may have",
        ),
        pytest.param(
            [RESISTANT],
            at_sign_in(enrolled={PWD, SMS}, enrollable=(KEY,)),
            {PWD, SMS},
            id="two factors before a new one",
        ),
        pytest.param(
            [RESISTANT],
            at_sign_in(proof(PWD), enrolled={PWD, SMS}, enrollable=(KEY,)),
            {SMS},
            id="the second before a new one",
        ),
        pytest.param(
            [RESISTANT], at_sign_in(enrolled={PWD}, enrollable=(KEY,)), {PWD}, id="the only one"
        ),
    ],
)
def test_what_helps_is_asked_for(
    assurances: Sequence[Assurance], evidence: Evidence, keys: set[FactorKey]
) -> None:
    found = due(assurances, evidence)
    assert (found.step, set(found.keys)) == (Step.PROVE_FACTOR, set(keys))
    assert list(found.keys) == [key for key in FactorKey if key in keys]


@pytest.mark.parametrize(
    ("assurances", "evidence", "keys"),
    [
        pytest.param(
            PASSWORD_AND_MORE,
            at_sign_in(proof(PWD), enrolled={PWD, KBA}, enrollable=(SMS, KBA, KEY)),
            (SMS, KEY),
            id="in the policy's order",
        ),
        pytest.param(
            [RESISTANT],
            at_sign_in(proof(PWD), proof(SMS), enrolled={PWD, SMS}, enrollable=(GOOGLE, KEY)),
            (KEY,),
            id="only what helps",
        ),
        pytest.param(
            PASSWORD_FIRST,
            at_sign_in(proof(MAIL), enrolled={MAIL}, enrollable=(PWD,)),
            (PWD,),
            id="a password",
        ),
    ],
)
def test_what_is_missing_is_enrolled(
    assurances: Sequence[Assurance], evidence: Evidence, keys: tuple[FactorKey, ...]
) -> None:
    assert due(assurances, evidence) == Due(step=Step.ENROLL_FACTOR, keys=keys)


@pytest.mark.parametrize(
    ("assurances", "evidence"),
    [
        pytest.param([RESISTANT], at_sign_in(proof(PWD), enrolled={PWD, SMS}), id="has none"),
        pytest.param([ONE], at_sign_in(enrolled=()), id="has nothing"),
        pytest.param([ONE], at_sign_in(enrolled=(), enrollable=(KEY,)), id="a stranger enrols"),
        pytest.param(
            [VERIFIED], at_sign_in(proof(KEY), enrolled={PWD, KEY}), id="the user was not verified"
        ),
        pytest.param(
            [*PASSWORD_FIRST, PHONE], at_sign_in(proof(PWD), enrolled={PWD, KEY}), id="not the app"
        ),
    ],
)
def test_what_cannot_be_met_is_refused(assurances: Sequence[Assurance], evidence: Evidence) -> None:
    assert due(assurances, evidence) == Due(is_refused=True)


def test_nobody_proves_a_thing_for_what_they_can_never_reach() -> None:
    assert due([*PASSWORD_FIRST, RESISTANT], at_sign_in(enrolled={PWD})).is_refused


def test_what_is_known_may_be_asked_for_last() -> None:
    evidence = at_sign_in(enrolled={PWD, KBA, SMS})
    assert due([TWO_FACTORS], evidence, possession_first=True).keys == (SMS,)
    assert set(due([ONE], evidence, possession_first=True).keys) == {PWD, KBA, SMS}
    assert due(PASSWORD_AND_MORE, evidence, possession_first=True).keys == (PWD,)
    later = at_sign_in(proof(SMS), enrolled={PWD, KBA, SMS})
    assert set(due([TWO_FACTORS], later, possession_first=True).keys) == {PWD, KBA}


@pytest.mark.parametrize(
    ("rule", "is_remembered", "enough", "too_little"),
    [
        ({}, False, [PWD], [SMS, MAIL]),
        ({"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}, False, [SMS], []),
        ({"require_factor": True}, False, [PWD, SMS], [PWD, KBA]),
        ({"require_factor": True}, True, [PWD], [SMS]),
    ],
)
def test_the_org_s_rule_is_an_assurance_too(
    rule: dict[str, object],
    enough: Sequence[FactorKey],
    too_little: Sequence[FactorKey],
    *,
    is_remembered: bool,
) -> None:
    wanted = session_assurances(SignOnRule(name="", **rule), is_remembered=is_remembered)  # type: ignore[arg-type] -- as the table has it
    assert due(wanted, proved(*enough)).is_done
    assert not due(wanted, proved(*too_little)).is_done


def test_a_request_may_want_the_org_s_assurance_anew() -> None:
    wanted = session_assurances(SignOnRule(name=""), reauthenticate_in=timedelta())
    evidence = Evidence(now=NOW, earlier=(proof(PWD),), enrolled=frozenset({PWD, SMS}))
    assert due(wanted, evidence).keys == (PWD,)


@pytest.mark.parametrize(
    ("acr_values", "made", "keys"),
    [
        ((), [], None),
        (("unknown",), [], None),
        (("urn:okta:loa:1fa:any",), [SMS], None),
        (("urn:okta:loa:1fa:pwd",), [SMS], {PWD}),
        (("urn:okta:loa:2fa:any",), [PWD], {SMS, KEY}),
        (("urn:okta:loa:2fa:any:ifpossible",), [PWD], {SMS, KEY}),
        (("phr",), [PWD], {KEY}),
        (("phrh",), [PWD], {KEY}),
        (("phr", "urn:okta:loa:1fa:any"), [PWD], None),
        (("unknown", "urn:okta:loa:2fa:any", "phr"), [PWD], {SMS, KEY}),
    ],
)
def test_a_request_asks_for_any_one_of_its_acr_values(
    acr_values: tuple[str, ...], made: Sequence[FactorKey], keys: set[FactorKey] | None
) -> None:
    evidence = at_sign_in(*map(proof, made), enrolled=frozenset({PWD, SMS, KEY}))
    asked = asked_assurance(acr_values, evidence)
    assert (None if asked is None else set(due([asked], evidence).keys)) == keys


def test_two_factors_if_possible_are_one_where_they_are_not() -> None:
    evidence = at_sign_in(enrolled=frozenset({PWD}))
    for asked, is_refused in (
        (("urn:okta:loa:2fa:any",), True),
        (("urn:okta:loa:2fa:any:ifpossible",), False),
        (("phr", "urn:okta:loa:1fa:pwd"), False),
    ):
        wanted = asked_assurance(asked, evidence)
        assert wanted is not None
        assert due([wanted], evidence).is_refused is is_refused


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


@given(ASSURANCES, EVIDENCE, PROOFS)
def test_one_proof_more_never_makes_an_assurance_unmet(
    assurance: Assurance, evidence: Evidence, more: Proof
) -> None:
    if is_met(assurance, evidence):
        for name in ("proofs", "earlier"):
            both = (*getattr(evidence, name), more)
            assert is_met(assurance, structs.replace(evidence, **{name: both}))


@given(ASSURANCES, EVIDENCE)
def test_two_factors_are_two_types(assurance: Assurance, evidence: Evidence) -> None:
    two = structs.replace(assurance, factor_mode="2FA")
    types = frozenset[str]().union(*map(factor_types, (*evidence.proofs, *evidence.earlier)))
    if is_met(two, evidence):
        assert len(types) >= 2
        assert is_met(structs.replace(assurance, factor_mode="1FA"), evidence)


@given(st.lists(ASSURANCES, max_size=3), EVIDENCE)
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

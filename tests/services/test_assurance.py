"""Which proofs are enough, and which more would do: tables."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest
from msgspec import structs

from mock_okta.model.assurance import (
    Assurance,
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
)
from mock_okta.model.factors import FactorKey
from mock_okta.model.policies import SignOnRule
from mock_okta.model.progress import Step
from mock_okta.services.sign_in.assurance import (
    TWO_FACTORS,
    Due,
    asked_assurance,
    due,
    is_met,
    session_assurances,
)
from mock_okta.services.sign_in.evidence import Evidence
from tests.services.assurances import (
    BOUND,
    BOUND_IF_ANY,
    CALL,
    EVERYTHING,
    GOOGLE,
    HARDWARE,
    HOUR,
    KBA,
    KEY,
    MAIL,
    NO_PHONE,
    NOW,
    OKTA_PUSH,
    OKTA_VERIFY,
    ONE,
    OTP,
    PASSWORD,
    PHONE,
    PUSH,
    PWD,
    RESISTANT,
    RESISTANT_OR_PASSWORD_AND_PHONE,
    SMS,
    TEXT,
    TOKEN,
    VERIFIED,
    proof,
    proved,
)


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

"""Whether what was proved is enough for the app and the org, and what comes next; no I/O.

Several `Assurance`s may hold for a sign-in at once: those of the org's sign-on rule, that of the
app's authentication rule, and what a request asks for. All must be met; the first that is not
decides what comes next.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from types import MappingProxyType

from msgspec import Struct

from mock_okta.model.assurance import (
    Assurance,
    Constraint,
    FactorConstraint,
    PossessionConstraint,
    Proof,
)
from mock_okta.model.authenticators import METHODS
from mock_okta.model.factors import FactorKey
from mock_okta.model.policies import SignOnRule
from mock_okta.model.progress import Step
from mock_okta.services.sign_in.evidence import Evidence, FactorTypes, credit_of, credited

__all__ = ["TWO_FACTORS", "Due", "asked_assurance", "due", "is_met", "session_assurances"]

_Credit = tuple[FactorTypes, ...]
"""For which types a proof counts, for each way to meet each assurance."""

_PASSWORD = Assurance(constraints=(Constraint(knowledge=FactorConstraint(types=("password",))),))
TWO_FACTORS = Assurance(factor_mode="2FA")
_RESISTANT = PossessionConstraint(phishing_resistant="REQUIRED")
_RESISTANT_HARDWARE = PossessionConstraint(
    phishing_resistant="REQUIRED", hardware_protection="REQUIRED"
)
_ACR: Mapping[str, Assurance] = MappingProxyType(
    {
        "urn:okta:loa:1fa:any": Assurance(),
        "urn:okta:loa:1fa:pwd": _PASSWORD,
        "urn:okta:loa:2fa:any": TWO_FACTORS,
        "urn:okta:loa:2fa:any:ifpossible": TWO_FACTORS,
        "phr": Assurance(constraints=(Constraint(possession=_RESISTANT),)),
        "phrh": Assurance(constraints=(Constraint(possession=_RESISTANT_HARDWARE),)),
    }
)
_IF_POSSIBLE = "urn:okta:loa:2fa:any:ifpossible"


class Due(Struct, frozen=True, kw_only=True):
    """What comes next: to prove or to enrol any one of `keys`.

    `step` is PROVE_FACTOR, ENROLL_FACTOR or None: all is proved, or `is_refused`: nothing that the
    user could do would be enough.
    """

    step: Step | None = None
    keys: tuple[FactorKey, ...] = ()
    is_refused: bool = False

    @property
    def is_done(self) -> bool:
        """Whether all is proved."""
        return self.step is None and not self.is_refused


def due(
    assurances: Sequence[Assurance], evidence: Evidence, *, possession_first: bool = False
) -> Due:
    """Return what the user has to do next, so that all of `assurances` will be met.

    What was proved for this request is not asked for again. Before a user enrols a factor, they
    prove two that they have, or one if there are no two: otherwise somebody who knows only the
    password could get around the second factor. `possession_first`: where two factors are needed,
    ask for what the user knows last (the org's `verify_knowledge_second_when_2fa_required`).
    """
    unmet = [each for each in assurances if not is_met(each, evidence)]
    if not unmet:
        return Due()
    proved = frozenset().union(*(proof.keys for proof in evidence.proofs))
    provable = evidence.enrolled - proved
    keys = _next_keys(unmet, evidence, provable)
    if keys:
        return _to_prove(keys, unmet, possession_first=possession_first)
    new = frozenset(evidence.enrollable) - evidence.enrolled - proved
    keys = _next_keys(unmet, evidence, provable | new)
    if not keys:
        return Due(is_refused=True)
    before = keys & provable or _before_enrolment(evidence, provable)
    if before:
        return _to_prove(before, unmet, possession_first=possession_first)
    if not evidence.proofs and not evidence.earlier:
        return Due(is_refused=True)
    offered = tuple(key for key in dict.fromkeys(evidence.enrollable) if key in keys)
    return Due(step=Step.ENROLL_FACTOR, keys=offered)


def is_met(assurance: Assurance, evidence: Evidence) -> bool:
    """Return whether what was proved is enough."""
    return any(
        _is_enough(credited(assurance, constraint, evidence), assurance, constraint)
        for constraint in _alternatives(assurance)
    )


def session_assurances(
    rule: SignOnRule, *, is_remembered: bool = False, reauthenticate_in: timedelta | None = None
) -> tuple[Assurance, ...]:
    """Return what the org wants before a session begins: usually the password first.

    `is_remembered`: the device stands in for the second factor. `reauthenticate_in`: how old the
    proofs may be, for a request that says so.
    """
    first = Assurance() if rule.is_passwordless else _PASSWORD
    asks_two = rule.require_factor and not is_remembered
    return tuple(
        Assurance(
            factor_mode=each.factor_mode,
            constraints=each.constraints,
            reauthenticate_in=reauthenticate_in,
        )
        for each in (first, *([TWO_FACTORS] if asks_two else []))
    )


def asked_assurance(acr_values: Iterable[str], evidence: Evidence) -> Assurance | None:
    """Return what a request asks for by `acr_values`: any one of them is enough.

    None if nothing is asked for, or it is met; else the first that can be met, or the first of all.
    Unknown values are ignored (facts/oauth C.1).
    """
    known = [value for value in acr_values if value in _ACR]
    wanted = [(_ACR[value], due([_ACR[value]], evidence)) for value in known]
    if not wanted or any(each.is_done for _, each in wanted):
        return None
    possible = [assurance for assurance, each in wanted if not each.is_refused]
    if _IF_POSSIBLE in known and not possible:
        return Assurance()
    return possible[0] if possible else wanted[0][0]


def _to_prove(
    keys: frozenset[FactorKey], unmet: Sequence[Assurance], *, possession_first: bool
) -> Due:
    has = frozenset(key for key in keys if METHODS[key].proves != "KNOWLEDGE")
    needs_two = any(each.factor_mode == "2FA" for each in unmet)
    asked = has if possession_first and needs_two and has else keys
    return Due(step=Step.PROVE_FACTOR, keys=tuple(key for key in FactorKey if key in asked))


def _before_enrolment(evidence: Evidence, provable: frozenset[FactorKey]) -> frozenset[FactorKey]:
    """Return what to prove before a factor is enrolled: two factors, or one if there are no two."""
    for gate in (TWO_FACTORS, Assurance()):
        if is_met(gate, evidence):
            return frozenset()
        keys = _helping([gate], evidence, provable)
        if keys:
            return keys
    return frozenset()


def _next_keys(
    unmet: Sequence[Assurance], evidence: Evidence, keys: frozenset[FactorKey]
) -> frozenset[FactorKey]:
    """Return those of `keys` that help to meet all assurances, and the first of them now."""
    helping = _helping(unmet, evidence, keys)
    return helping & _helping(unmet[:1], evidence, keys) if len(unmet) > 1 else helping


def _helping(
    assurances: Sequence[Assurance], evidence: Evidence, keys: frozenset[FactorKey]
) -> frozenset[FactorKey]:
    """Return the keys in any smallest set of proofs that meets all assurances.

    A smallest set is one of which no proof can be left out. Keys whose proofs count for the same
    are tried as one.
    """
    ways = [(at, way) for at, each in enumerate(assurances) for way in _alternatives(each)]
    before = [credited(assurances[at], way, evidence) for at, way in ways]
    groups: dict[_Credit, set[FactorKey]] = {}
    for key in keys:
        for proof in _possible(key, evidence.now):
            credit = tuple(credit_of(proof, way) for _, way in ways)
            if any(credit):
                groups.setdefault(credit, set()).add(key)

    def is_enough(chosen: Iterable[_Credit]) -> bool:
        sums = (types.union(*more) for types, *more in zip(before, *chosen, strict=True))
        met = {
            at
            for (at, way), types in zip(ways, sums, strict=True)
            if _is_enough(types, assurances[at], way)
        }
        return len(met) == len(assurances)

    smallest: list[frozenset[_Credit]] = []
    if is_enough(groups):
        for size in range(1, 2 * len(assurances) + 1):
            for chosen in map(frozenset, combinations(groups, size)):
                if not any(other <= chosen for other in smallest) and is_enough(chosen):
                    smallest.append(chosen)
    return frozenset(key for chosen in smallest for credit in chosen for key in groups[credit])


def _possible(key: FactorKey, now: datetime) -> tuple[Proof, ...]:
    """Return the proofs that the factor may give: with and without the user verified."""
    keys = frozenset({key})
    plain = Proof(keys=keys, at=now)
    if not METHODS[key].verifies_user:
        return (plain,)
    return plain, Proof(keys=keys, at=now, verifies_user=True)


def _alternatives(assurance: Assurance) -> tuple[Constraint, ...]:
    return assurance.constraints or (Constraint(),)


def _is_enough(types: FactorTypes, assurance: Assurance, constraint: Constraint) -> bool:
    """Return whether proofs that count for these types meet the assurance by this constraint."""
    knowledge, possession = constraint.knowledge, constraint.possession
    if knowledge is not None and knowledge.required and "KNOWLEDGE" not in types:
        return False
    if possession is not None and possession.required and "POSSESSION" not in types:
        return False
    return len(types) >= (2 if assurance.factor_mode == "2FA" else 1)

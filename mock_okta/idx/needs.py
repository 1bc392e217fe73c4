"""Which of a user's authenticators have to be proved, or would help."""

from collections.abc import Iterable

from mock_okta.idx.authenticators import PASSWORD, Enrolled
from mock_okta.model.directory import Client
from mock_okta.services.factors import Factors
from mock_okta.services.sign_in.next_step import Situation

__all__ = ["helping", "is_proof_due", "proved_with"]

_KNOWLEDGE = frozenset({"pwd", "kba"})


def _types(amr: Iterable[str]) -> frozenset[str]:
    """Return the factor types that were proved: what one knows, and what one has."""
    proofs = set(amr) - {"mfa", "fed"}
    return frozenset("knowledge" if each in _KNOWLEDGE else "possession" for each in proofs)


def proved_with(amr: tuple[str, ...], *proofs: str) -> tuple[str, ...]:
    """Return `amr` with what was proved now; two factor types make `mfa`."""
    proved = {*amr, *proofs} - {"mfa"}
    is_mfa = len(_types(proved)) > 1 or ("fed" in proved and len(proved) > 1)
    return ("mfa", *sorted(proved)) if is_mfa else tuple(sorted(proved))


def is_proof_due(situation: Situation, client: Client | None) -> bool:
    """Something must be proved: nothing was, or the policies ask for two factor types."""
    progress = situation.progress
    if not progress.amr:
        return True
    if not situation.rule.is_passwordless and not {"pwd", "fed"} & set(progress.amr):
        return True
    if "mfa" in progress.amr:
        return False
    asks_app = client is not None and client.requires_factor
    asks_org = situation.rule.require_factor and not situation.is_remembered
    return progress.is_step_up or asks_app or asks_org


def helping(
    situation: Situation, enrolled: Iterable[Enrolled], factors: Factors
) -> tuple[Enrolled, ...]:
    """Return those of the enrolled authenticators whose proof brings the user further."""
    amr = set(situation.progress.amr)
    needs_password = not situation.rule.is_passwordless and not {"pwd", "fed"} & amr
    if needs_password:
        return tuple(each for each in enrolled if each.authenticator.key == PASSWORD)
    types = _types(amr)
    found = []
    for each in enrolled:
        proofs = {word for factor in each.factors.values() for word in factors.kind(factor.key).amr}
        if not proofs & amr and not (_types(proofs) <= types):
            found.append(each)
    return tuple(found)

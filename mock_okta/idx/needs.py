"""What a sign-in has to prove yet, by all policies that hold for it."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, structs

from mock_okta.idx.enrolled import Enrolled, enrolled_of
from mock_okta.model.assurance import Assurance, Proof, newest
from mock_okta.model.authenticators import METHODS
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import PolicyRefused
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.model.progress import Step
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import Factors
from mock_okta.services.sign_in.assurance import (
    TWO_FACTORS,
    Due,
    asked_assurance,
    due,
    session_assurances,
)
from mock_okta.services.sign_in.evidence import (
    Evidence,
    enrollable_keys,
    enrolled_keys,
    session_proofs,
)
from mock_okta.services.sign_in.next_step import Requirements, Situation
from mock_okta.services.world import World

__all__ = ["Needed", "Needs", "proved_with"]

_KNOWLEDGE = frozenset({"pwd", "kba"})


class Needed(Struct, frozen=True, kw_only=True):
    """What is due, and the authenticators of the user whose proof would help."""

    due: Due
    situation: Situation
    helping: tuple[Enrolled, ...]

    @property
    def must_prove(self) -> bool:
        """Whether the user has to prove what they have, before all else."""
        return self.due.step is Step.PROVE_FACTOR


class Needs(Struct, frozen=True, kw_only=True):
    """Asks the org's sign-on policy, the app's authentication policy, and the request itself."""

    world: World
    factors: Factors
    policies: Policies
    requirements: Requirements

    async def of(
        self, transaction: IdentityTransaction, user: User, client: Client | None
    ) -> Needed:
        """Return what the user has to prove or enrol; raise PolicyRefused if nothing is enough."""
        situation = await self._situation(transaction, user)
        evidence = await self._evidence(transaction, user, situation)
        assurances = await self._assurances(transaction, situation, client, evidence)
        org = await the_org(self.world.storage)
        found = due(
            assurances,
            evidence,
            possession_first=org.verify_knowledge_second_when_2fa_required,
        )
        if found.is_refused:
            raise PolicyRefused(f"{user.login} has no authenticator that would do")
        helping = tuple(_limited(enrolled_of(user), found.keys)) if found.step else ()
        return Needed(due=found, situation=situation, helping=helping)

    def with_proof(
        self, transaction: IdentityTransaction, key: FactorKey, *, verifies_user: bool = False
    ) -> dict[str, Any]:
        """Return what changes in a transaction whose user has just proved a factor of that kind."""
        proof = Proof(keys=frozenset({key}), at=self.world.clock.now(), verifies_user=verifies_user)
        return {
            "amr": proved_with(transaction.amr, *self.factors.kind(key).amr),
            "proofs": newest((*transaction.proofs, proof)),
        }

    async def _situation(self, transaction: IdentityTransaction, user: User) -> Situation:
        """Return the situation; nobody enrols what is not active in the org."""
        situation = await self.requirements.situation(transaction, user)
        known, policy = await self.policies.authenticators(), situation.enrollment

        def active(keys: tuple[FactorKey, ...]) -> tuple[FactorKey, ...]:
            return tuple(k for k in keys if known[METHODS[k].authenticator].status == "ACTIVE")

        return structs.replace(
            situation,
            enrollment=structs.replace(
                policy, required=active(policy.required), optional=active(policy.optional)
            ),
        )

    async def _evidence(
        self, transaction: IdentityTransaction, user: User, situation: Situation
    ) -> Evidence:
        authenticators = await self.policies.authenticators()
        session = await self.world.storage.sessions.get(transaction.session_id or "")
        vouched = (Proof(keys=frozenset(), at=situation.now),)
        is_own = transaction.session_id is None  # else it is the session that tells of the provider
        federated = vouched if "fed" in transaction.amr and is_own else ()
        return Evidence(
            now=situation.now,
            proofs=(*federated, *transaction.proofs),
            earlier=() if session is None else session_proofs(session),
            enrolled=enrolled_keys(user, authenticators),
            enrollable=enrollable_keys(user, situation.enrollment, authenticators),
        )

    async def _assurances(
        self,
        transaction: IdentityTransaction,
        situation: Situation,
        client: Client | None,
        evidence: Evidence,
    ) -> tuple[Assurance, ...]:
        """Return all that has to be met; raise PolicyRefused for a user whom a rule denies."""
        rule, user = situation.rule, situation.user
        if rule.access == "DENY":
            raise PolicyRefused(f"the sign-on rule {rule.name!r} denies {user.login} access")
        wanted = list(session_assurances(rule, is_remembered=situation.is_remembered))
        if client is not None:
            asked = await self.policies.authentication(client, user)
            if asked.access == "DENY":
                raise PolicyRefused(
                    f"the authentication rule {asked.name!r} denies {user.login} access"
                )
            wanted += [asked, *([TWO_FACTORS] if client.requires_factor else [])]
        by_request = asked_assurance(transaction.acr_values, evidence)
        return (*wanted, *([] if by_request is None else [by_request]))


def proved_with(amr: tuple[str, ...], *proofs: str) -> tuple[str, ...]:
    """Return `amr` with what was proved now; two factor types make `mfa`."""
    proved = {*amr, *proofs} - {"mfa"}
    is_mfa = len(_types(proved)) > 1 or ("fed" in proved and len(proved) > 1)
    return ("mfa", *sorted(proved)) if is_mfa else tuple(sorted(proved))


def _types(amr: Iterable[str]) -> frozenset[str]:
    """Return the factor types that were proved: what one knows, and what one has."""
    proofs = set(amr) - {"mfa", "fed"}
    return frozenset("knowledge" if each in _KNOWLEDGE else "possession" for each in proofs)


def _limited(enrolled: Iterable[Enrolled], keys: Iterable[FactorKey]) -> Iterable[Enrolled]:
    """Return the enrolled authenticators with those of their methods that would help."""
    wanted = frozenset(keys)
    for each in enrolled:
        factors = {name: factor for name, factor in each.factors.items() if factor.key in wanted}
        if factors:
            yield structs.replace(each, factors=factors)

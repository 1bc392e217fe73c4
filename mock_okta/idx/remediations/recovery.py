"""A forgotten password (`recover`, `identify-recovery`) and a locked account (`unlock-account`)."""

from collections.abc import Iterable
from typing import Any

from mock_okta.idx.authenticators import (
    AUTHENTICATORS,
    EMAIL,
    PASSWORD,
    PHONE,
    Authenticator,
    named,
)
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.enrolled import recovery_authenticators
from mock_okta.idx.errors import UnknownToRecover
from mock_okta.idx.ion import Ion, choice, field, option
from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import CLEARED, Settling
from mock_okta.model.directory import User
from mock_okta.model.failures import NoSuchUser, RecoveryRefused, Unsuitable
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen
from mock_okta.model.progress import RecoveryType
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.recovery import Recoveries

__all__ = [
    "IdentifyRecovery",
    "Recover",
    "SelectAuthenticatorUnlockAccount",
    "UnlockAccount",
    "UnlockIdentify",
    "unlockable_by",
]


_BEGUN: dict[str, Any] = {
    **CLEARED,
    "user_id": None,
    "login": None,
    "amr": (),
    "proofs": (),
    "idp_id": None,
    "session_id": None,
    "message": None,
}
"""A transaction that asks for a name again."""


async def _found(recoveries: Recoveries, call: Call, recovery_type: RecoveryType) -> User:
    login = call.body.identifier
    if not login:
        raise Unsuitable("identifier", "The field cannot be left blank")
    try:
        return await recoveries.find_to_recover(login, recovery_type)
    except NoSuchUser as unknown:
        raise UnknownToRecover(login) from unknown


def unlockable_by(scene: Scene) -> tuple[Authenticator, ...]:
    """Return what the policy lets accounts be unlocked by; of a known user, what they have."""
    allowed, known = set(scene.passwords.recovery.factors), scene.authenticators
    keys = [*([EMAIL] if "EMAIL" in allowed else []), *([PHONE] if allowed - {"EMAIL"} else [])]
    if scene.screen is Screen.IDENTIFY_TO_UNLOCK and scene.user is not None:
        found = recovery_authenticators(scene.user, scene.passwords, known)
        return tuple(named(each.authenticator, known) for each in found)
    return tuple(named(AUTHENTICATORS[key], known) for key in keys if known[key].recovers)


def _asks_name_first(scene: Scene) -> bool:
    return scene.passwords.recovery.unlock_asks_name_first and scene.user is None


class Recover(Remediation, frozen=True, kw_only=True):
    """Begins to recover a forgotten password: at once for a user who is known already.

    It begins again on every later screen of a recovery, with the name: okta-auth-js goes back to
    the first screen that it saved.
    """

    name = "recover"
    path = "recover"
    place = Place.CURRENT

    recoveries: Recoveries
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        asks_password = scene.screen is Screen.IDENTIFY and scene.asks_password
        is_password = scene.transaction.authenticator == PASSWORD
        return scene.passwords.recovery.password_reset and (asks_password or is_password)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        transaction = scene.transaction
        signs_in = transaction.purpose is Purpose.SIGN_IN and scene.screen is not Screen.IDENTIFY
        if scene.user is not None and signs_in:
            login = scene.user.login
            user = await self.recoveries.find_to_recover(login, RecoveryType.PASSWORD)
            return await self.settling.recover(transaction, user, purpose=Purpose.RECOVERY)
        return await self.settling.transactions.advance(
            transaction, **_BEGUN, screen=Screen.IDENTIFY_TO_RECOVER, purpose=Purpose.RECOVERY
        )


class IdentifyRecovery(Remediation, frozen=True, kw_only=True):
    """Asks whose password it is.

    A name that nobody has is answered as okta-auth-js's own tests and the README of Okta's SDK for
    .NET have it: so says an org that does not hide which names there are. Unverified: the status,
    which is 200 here, since the message is an INFO.
    """

    name = "identify-recovery"
    path = "identify"

    recoveries: Recoveries
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("identifier", label="Username", required=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user = await _found(self.recoveries, call, RecoveryType.PASSWORD)
        return await self.settling.recover(scene.transaction, user)


class UnlockAccount(Remediation, frozen=True, kw_only=True):
    """The link to unlock an account; it begins again on later screens, as `recover` does."""

    name = "unlock-account"
    path = "unlock-account"

    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        return scene.passwords.recovery.unlock and bool(unlockable_by(scene))

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        return await self.settling.transactions.advance(
            scene.transaction, **_BEGUN, screen=Screen.IDENTIFY_TO_UNLOCK, purpose=Purpose.UNLOCK
        )


class UnlockIdentify(Remediation, frozen=True, kw_only=True):
    """Asks whose account it is, before all else, where the policy has it so."""

    name = "unlock-account"
    path = "identify"

    policies: Policies
    recoveries: Recoveries
    transactions: Transactions[IdentityTransaction]

    def is_offered(self, scene: Scene) -> bool:
        return _asks_name_first(scene)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("identifier", label="Username", required=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user = await _found(self.recoveries, call, RecoveryType.UNLOCK)
        policy = await self.policies.passwords(user)
        if not recovery_authenticators(user, policy, scene.authenticators):
            raise RecoveryRefused(RecoveryType.UNLOCK, f"{user.login} has nothing to recover by")
        return await self.transactions.advance(
            scene.transaction, user_id=user.id, login=user.login, message=None
        )


class SelectAuthenticatorUnlockAccount(Remediation, frozen=True, kw_only=True):
    """Asks whose account it is, unless it is known, and by what it shall be unlocked.

    Unverified: a user who is not locked out is asked for the same proof, so that nobody learns who
    is; a name that nobody has is answered as in a recovery.
    """

    name = "select-authenticator-unlock-account"
    path = "challenge"

    challenges: Challenges
    policies: Policies
    recoveries: Recoveries

    def is_offered(self, scene: Scene) -> bool:
        return not _asks_name_first(scene)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        if scene.user is None:
            yield field("identifier", label="Username", required=True)
        options = []
        for number, each in enumerate(unlockable_by(scene)):
            posted = [field("id", required=True, value=each.id, mutable=False)]
            methods = [{"label": m.label, "value": m.type} for m in each.methods]
            if len(methods) == 1:
                posted.append(
                    field("methodType", required=False, value=each.methods[0].type, mutable=False)
                )
            else:
                posted.append(field("methodType", type="string", required=False, options=methods))
            options.append(option(each.name, posted, f"$.authenticatorEnrollments.value[{number}]"))
        yield choice("authenticator", options)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user = scene.user or await _found(self.recoveries, call, RecoveryType.UNLOCK)
        chosen = call.body.authenticator
        policy = await self.policies.passwords(user)
        for each in recovery_authenticators(user, policy, scene.authenticators):
            if each.authenticator.id != chosen.id:
                continue
            known = {"user_id": user.id, "login": user.login}
            if chosen.method_type is None and len(each.methods) > 1:
                return await self.challenges.offer(scene.transaction, user, each, **known)
            method = chosen.method_type or each.methods[0].type
            if method not in each.factors:
                break
            return await self.challenges.begin(scene.transaction, user, each, method, **known)
        raise RecoveryRefused(RecoveryType.UNLOCK, f"{user.login} has no such authenticator")

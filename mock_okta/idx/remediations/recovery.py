"""A forgotten password (`recover`, `identify-recovery`) and a locked account (`unlock-account`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_okta.idx.authenticators import (
    AUTHENTICATORS,
    EMAIL,
    PASSWORD,
    PHONE,
    Authenticator,
    recovery_authenticators,
)
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, choice, field, option
from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import CLEARED, Settling
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import RecoveryRefused, Unsuitable
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen
from mock_okta.model.policies import Recovery
from mock_okta.model.progress import RecoveryType
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.recovery import Recoveries

__all__ = [
    "IdentifyRecovery",
    "Recover",
    "SelectAuthenticatorUnlockAccount",
    "UnlockAccount",
    "unlockable_by",
]


def _identifier(call: Call) -> str:
    login = call.body.identifier
    if not login:
        raise Unsuitable("identifier", "The field cannot be left blank")
    return login


def unlockable_by(recovery: Recovery) -> tuple[Authenticator, ...]:
    """Return the authenticators that the policy lets accounts be unlocked by."""
    phone = {"SMS", "CALL"} & set(recovery.factors)
    keys = [*([EMAIL] if "EMAIL" in recovery.factors else []), *([PHONE] if phone else [])]
    return tuple(AUTHENTICATORS[key] for key in keys)


@dataclass(frozen=True, kw_only=True)
class Recover(Remediation):
    """Begins to recover a forgotten password: at once for a user who is known already."""

    name = "recover"
    path = "recover"
    place = Place.CURRENT

    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        asks_password = scene.screen is Screen.IDENTIFY and scene.asks_password
        is_password = scene.transaction.authenticator == PASSWORD
        return scene.passwords.recovery.password_reset and (asks_password or is_password)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if scene.user is not None and scene.screen is not Screen.IDENTIFY:
            return await self.settling.recover(scene.transaction, scene.user)
        return await self.settling.transactions.advance(
            scene.transaction,
            **CLEARED,
            screen=Screen.IDENTIFY_TO_RECOVER,
            purpose=Purpose.RECOVERY,
            amr=(),
            message=None,
        )


@dataclass(frozen=True, kw_only=True)
class IdentifyRecovery(Remediation):
    """Asks whose password it is.

    Unverified: what Okta answers for a name that nobody has; here it is what a user hears whom the
    policy does not let recover.
    """

    name = "identify-recovery"
    path = "identify"

    recoveries: Recoveries
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("identifier", label="Username", required=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        login = _identifier(call)
        user = await self.recoveries.find_to_recover(login, RecoveryType.PASSWORD)
        return await self.settling.recover(scene.transaction, user, device_token=call.device_token)


@dataclass(frozen=True, kw_only=True)
class UnlockAccount(Remediation):
    """The link to unlock an account."""

    name = "unlock-account"
    path = "unlock-account"

    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        recovery = scene.passwords.recovery
        return recovery.unlock and bool(unlockable_by(recovery))

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        return await self.settling.transactions.advance(
            scene.transaction,
            **CLEARED,
            screen=Screen.IDENTIFY_TO_UNLOCK,
            purpose=Purpose.UNLOCK,
            amr=(),
            message=None,
        )


@dataclass(frozen=True, kw_only=True)
class SelectAuthenticatorUnlockAccount(Remediation):
    """Asks whose account it is, and by what it shall be unlocked."""

    name = "select-authenticator-unlock-account"
    path = "challenge"

    challenges: Challenges
    policies: Policies
    recoveries: Recoveries

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("identifier", label="Username", required=True)
        options = []
        for number, each in enumerate(unlockable_by(scene.passwords.recovery)):
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
        user = await self.recoveries.find_to_recover(_identifier(call), RecoveryType.UNLOCK)
        chosen = call.body.authenticator
        policy = await self.policies.passwords(user)
        for each in recovery_authenticators(user, policy):
            if each.authenticator.id != chosen.id:
                continue
            known = {"user_id": user.id, "login": user.login, "device_token": call.device_token}
            if chosen.method_type is None and len(each.methods) > 1:
                return await self.challenges.offer(scene.transaction, user, each, **known)
            method = chosen.method_type or each.methods[0].type
            if method not in each.factors:
                break
            return await self.challenges.begin(scene.transaction, user, each, method, **known)
        _refuse_unlock(user)
        raise NotOffered(f"no authenticator {chosen.id!r} to unlock by")


def _refuse_unlock(user: User) -> None:
    if user.status is UserStatus.LOCKED_OUT:
        raise RecoveryRefused(RecoveryType.UNLOCK, f"{user.login} has no such authenticator")

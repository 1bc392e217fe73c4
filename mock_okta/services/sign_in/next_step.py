"""What a user still has to do before they are signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct, structs

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey, FactorStatus
from mock_okta.model.failures import PolicyRefused
from mock_okta.model.policies import EnrollmentPolicy, PasswordPolicy, SignOnRule
from mock_okta.model.progress import Progress, Step
from mock_okta.model.sessions import RememberedDevice
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.credentials import SIGNABLE
from mock_okta.services.world import World

__all__ = [
    "AFTER_PROOF",
    "Requirements",
    "Situation",
    "enrollable",
    "factor_is_due",
    "must_enroll",
]

_FOREVER = timedelta(days=3650)


class Situation(Struct, frozen=True, kw_only=True):
    """A sign-in in progress, its user, and what the policies say about them."""

    progress: Progress
    user: User
    now: datetime
    rule: SignOnRule
    passwords: PasswordPolicy
    enrollment: EnrollmentPolicy
    is_remembered: bool

    @property
    def has_proved_factor(self) -> bool:
        """Whether a second factor was proved; one that was just enrolled counts."""
        return "mfa" in self.progress.amr

    @property
    def has_proved_password(self) -> bool:
        """Whether the user proved their password in this sign-in."""
        return "pwd" in self.progress.amr

    @property
    def expires_in(self) -> timedelta | None:
        """How long the password is still valid; None if it never expires, or was not proved."""
        days = self.passwords.age.max_age_days
        if not days or not self.has_proved_password:
            return None
        return self.user.password_changed_at + timedelta(days=days) - self.now


def factor_is_due(situation: Situation) -> bool:
    """Return whether the sign-on policy asks for a second factor, and the user has one.

    Also True if it asks for the password of a user who began without; it may have changed since.
    """
    began_without_password = situation.progress.login is not None
    if (
        began_without_password
        and not situation.has_proved_password
        and not situation.rule.is_passwordless
    ):
        return True
    if situation.has_proved_factor or not situation.user.factors:
        return False
    if situation.progress.is_step_up:
        return True
    return situation.rule.require_factor and not situation.is_remembered


def password_is_expired(situation: Situation) -> bool:
    """Return whether an administrator expired the password, or it is older than allowed."""
    expires_in = situation.expires_in
    is_too_old = expires_in is not None and expires_in <= timedelta()
    is_expired = situation.user.status is UserStatus.PASSWORD_EXPIRED
    return is_too_old or (is_expired and situation.has_proved_password)


def password_expires_soon(situation: Situation) -> bool:
    """Return whether the caller wants warnings, and it is time for one."""
    if not situation.progress.wants_password_warning:
        return False
    if Step.WARN_PASSWORD in situation.progress.skipped or situation.expires_in is None:
        return False
    return situation.expires_in <= timedelta(days=situation.passwords.age.expire_warn_days)


def enrollment_is_due(situation: Situation) -> bool:
    """Return whether a required factor is missing, or optional ones are offered and not skipped."""
    if must_enroll(situation):
        return True
    if Step.ENROLL_FACTOR in situation.progress.skipped or not enrollable(situation):
        return False
    wants_more = situation.progress.wants_more_factors
    return wants_more if situation.progress.enrolled else not situation.user.factors


AFTER_PROOF: tuple[tuple[Step, Callable[[Situation], bool]], ...] = (
    (Step.RENEW_PASSWORD, password_is_expired),
    (Step.WARN_PASSWORD, password_expires_soon),
    (Step.ENROLL_FACTOR, enrollment_is_due),
)
"""What may be due once enough is proved; in order."""

DUE = ((Step.PROVE_FACTOR, factor_is_due), *AFTER_PROOF)
"""In order: a factor comes before an expired password (facts/classic C.1). Unverified: enrolment is
last."""


def enrollable(situation: Situation) -> tuple[FactorKey, ...]:
    """Return the factors of the policy that the user does not have, required ones first."""
    policy = situation.enrollment
    has = {f.key for f in situation.user.factors if f.status is FactorStatus.ACTIVE}
    return tuple(key for key in (*policy.required, *policy.optional) if key not in has)


def must_enroll(situation: Situation) -> bool:
    """Return whether the user cannot go on without enrolling a factor."""
    required = set(situation.enrollment.required)
    needs_any = situation.rule.require_factor or situation.progress.is_step_up
    has_none = not situation.user.factors
    return bool(required & set(enrollable(situation))) or (needs_any and has_none)


class Requirements(Struct, frozen=True, kw_only=True):
    """Compares what was proved with what the org's policies require.

    `unknown`: kinds of factors that the engine does not have; users are seen without them.
    """

    world: World
    policies: Policies
    unknown: frozenset[FactorKey] = frozenset()

    async def situation(self, progress: Progress, user: User) -> Situation:
        """Return the situation, with what the policies say."""
        rule = await self.policies.sign_on(user)
        return Situation(
            progress=progress,
            user=self._seen(user),
            now=self.world.clock.now(),
            rule=rule,
            passwords=await self.policies.passwords(user),
            enrollment=await self.policies.enrollment(user),
            is_remembered=await self._is_remembered(rule, user, progress.device_token),
        )

    async def may_begin_without_password(self, user: User) -> bool:
        """Return whether this user may sign in by a factor without the password."""
        is_signable = user.status in SIGNABLE and bool(self._seen(user).factors)
        return is_signable and (await self.policies.sign_on(user)).is_passwordless

    def _seen(self, user: User) -> User:
        known = tuple(each for each in user.factors if each.key not in self.unknown)
        return user if known == user.factors else structs.replace(user, factors=known)

    async def next(self, progress: Progress, user: User) -> Step | None:
        """Return what the user has to do now; None if nothing is left.

        Raises PolicyRefused if the policies do not let the user in, whatever they do.
        """
        situation = await self.situation(progress, user)
        if situation.rule.access == "DENY":
            raise PolicyRefused(
                f"the sign-on rule {situation.rule.name!r} denies {user.login} access"
            )
        if must_enroll(situation) and not enrollable(situation):
            raise PolicyRefused(
                f"{user.login} needs a factor, has none, and no enrollment policy offers one"
            )
        return next((step for step, is_due in DUE if is_due(situation)), None)

    async def remember(self, user: User, device_token: str) -> None:
        """Remember the device: it stands in for a factor, for as long as the policy says."""
        rule = await self.policies.sign_on(user)
        lifetime = _FOREVER if rule.prompt == "DEVICE" else rule.factor_lifetime
        record = RememberedDevice(user_id=user.id, expires_at=self.world.clock.now() + lifetime)
        await self.world.storage.remembered_devices.put((user.id, device_token), record)

    async def _is_remembered(self, rule: SignOnRule, user: User, device_token: str | None) -> bool:
        """Return whether the device stands in for the factor that the rule requires."""
        if not rule.require_factor or rule.prompt == "ALWAYS" or device_token is None:
            return False
        return await self.world.storage.remembered_devices.get((user.id, device_token)) is not None

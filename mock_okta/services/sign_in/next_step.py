"""What a user still has to do before they are signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey, FactorStatus
from mock_okta.model.failures import PolicyRefused
from mock_okta.model.policies import EnrollmentPolicy, PasswordPolicy, SignOnRule
from mock_okta.model.progress import Progress, Step
from mock_okta.model.records import RememberedDevice
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.credentials import SIGNABLE
from mock_okta.services.world import World

__all__ = ["Requirements", "Situation", "enrollable", "factor_is_due", "must_enroll"]

_FOREVER = timedelta(days=3650)


class Situation(Struct, frozen=True, kw_only=True):
    """A sign-in in progress, its user, and all that the policies say of them."""

    progress: Progress
    user: User
    now: datetime
    rule: SignOnRule
    passwords: PasswordPolicy
    enrollment: EnrollmentPolicy
    is_remembered: bool

    @property
    def has_proved_factor(self) -> bool:
        """Whether more than the password was proved; a factor just enrolled was."""
        return "mfa" in self.progress.amr

    @property
    def has_proved_password(self) -> bool:
        """Whether the user signs in by the password, not by an identity provider or a factor."""
        return "pwd" in self.progress.amr

    @property
    def expires_in(self) -> timedelta | None:
        """Return how long the password is still good; None if it never expires, or is not asked."""
        days = self.passwords.age.max_age_days
        if not days or not self.has_proved_password:
            return None
        return self.user.password_changed_at + timedelta(days=days) - self.now


def factor_is_due(situation: Situation) -> bool:
    """The sign-on policy asks for a second factor, and the user has one.

    Or for the password, of somebody who began without: the policy may have changed meanwhile.
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
    """An administrator expired it, or it is older than the policy allows."""
    expires_in = situation.expires_in
    is_too_old = expires_in is not None and expires_in <= timedelta()
    is_expired = situation.user.status is UserStatus.PASSWORD_EXPIRED
    return is_too_old or (is_expired and situation.has_proved_password)


def password_expires_soon(situation: Situation) -> bool:
    """The caller wants warnings, and the password is within the window for them."""
    if not situation.progress.wants_password_warning:
        return False
    if Step.WARN_PASSWORD in situation.progress.skipped or situation.expires_in is None:
        return False
    return situation.expires_in <= timedelta(days=situation.passwords.age.expire_warn_days)


def enrollment_is_due(situation: Situation) -> bool:
    """A required factor is missing; or optional ones are offered, and not put off."""
    if must_enroll(situation):
        return True
    if Step.ENROLL_FACTOR in situation.progress.skipped or not enrollable(situation):
        return False
    wants_more = situation.progress.wants_more_factors
    return wants_more if situation.progress.enrolled else not situation.user.factors


DUE: tuple[tuple[Step, Callable[[Situation], bool]], ...] = (
    (Step.PROVE_FACTOR, factor_is_due),
    (Step.RENEW_PASSWORD, password_is_expired),
    (Step.WARN_PASSWORD, password_expires_soon),
    (Step.ENROLL_FACTOR, enrollment_is_due),
)
"""In this order: a factor comes before an expired password (facts/classic C.1); that enrolment
comes last is not seen anywhere."""


def enrollable(situation: Situation) -> tuple[FactorKey, ...]:
    """Return the factors of the policy that the user does not have, required ones first."""
    policy = situation.enrollment
    has = {f.key for f in situation.user.factors if f.status is FactorStatus.ACTIVE}
    return tuple(key for key in (*policy.required, *policy.optional) if key not in has)


def must_enroll(situation: Situation) -> bool:
    """Say whether the user cannot go on without enrolling a factor."""
    required = set(situation.enrollment.required)
    needs_any = situation.rule.require_factor or situation.progress.is_step_up
    has_none = not situation.user.factors
    return bool(required & set(enrollable(situation))) or (needs_any and has_none)


class Requirements(Struct, frozen=True, kw_only=True):
    """Compares what was proved with what the org's policies ask for."""

    world: World
    policies: Policies

    async def situation(self, progress: Progress, user: User) -> Situation:
        """Gather what the policies say."""
        rule = await self.policies.sign_on(user)
        return Situation(
            progress=progress,
            user=user,
            now=self.world.clock.now(),
            rule=rule,
            passwords=await self.policies.passwords(user),
            enrollment=await self.policies.enrollment(user),
            is_remembered=await self._is_remembered(rule, user, progress.device_token),
        )

    async def may_begin_without_password(self, user: User) -> bool:
        """Tell whether a factor of this user's will do in the password's place."""
        is_signable = user.status in SIGNABLE and bool(user.factors)
        return is_signable and (await self.policies.sign_on(user)).is_passwordless

    async def next(self, progress: Progress, user: User) -> Step | None:
        """Return what the user has to do now; None when they have done everything.

        Raises PolicyRefused if nothing they do would let them in.
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
        """Do not ask for a factor on that device again, for as long as the policy says."""
        rule = await self.policies.sign_on(user)
        lifetime = _FOREVER if rule.prompt == "DEVICE" else rule.factor_lifetime
        record = RememberedDevice(user_id=user.id, expires_at=self.world.clock.now() + lifetime)
        await self.world.storage.remembered_devices.put((user.id, device_token), record)

    async def _is_remembered(self, rule: SignOnRule, user: User, device_token: str | None) -> bool:
        """Return whether the device stands in for the factor that the rule asks for."""
        if not rule.require_factor or rule.prompt == "ALWAYS" or device_token is None:
            return False
        return await self.world.storage.remembered_devices.get((user.id, device_token)) is not None

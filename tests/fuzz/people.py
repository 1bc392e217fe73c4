"""Who walks through `/api/v1/authn`, and the tests' own idea of what each has to prove."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp

from mock_okta import (
    Seed,
    SeedAge,
    SeedEnrollmentPolicy,
    SeedFactor,
    SeedLockout,
    SeedPasswordPolicy,
    SeedRecovery,
    SeedRecoveryQuestion,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.visiting import PASSWORD

__all__ = ["PEOPLE_SEED", "Person", "Standing", "people"]

ATTEMPTS = 4
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOTP = "token:software:totp"
PASSCODE_LIFETIME = timedelta(minutes=5)
_PHONE = SeedFactor(factor="okta_sms", phone_number="+14155556688")
_CODE = SeedFactor(factor="google_otp", secret=SECRET)
_FOOD = SeedFactor(factor="okta_question", question="disliked_food", answer="beetroot")
_PUSH = SeedFactor(factor="okta_push")
_KINDS = {
    "okta_sms": "sms OKTA",
    "google_otp": f"{TOTP} GOOGLE",
    "okta_question": "question OKTA",
    "okta_push": "push OKTA",
}


@dataclass
class Person:
    """A user as the tests know them: what they know and have, and what is asked of them."""

    name: str
    groups: tuple[str, ...] = ()
    status: str = "ACTIVE"
    seeded: tuple[SeedFactor, ...] = ()
    age: float = 0
    password: str = PASSWORD
    failures: int = 0
    before_lock: str = "ACTIVE"
    factors: dict[str, str | None] = field(default_factory=dict)
    used_steps: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.factors = {_KINDS[each.factor]: each.secret or each.answer for each in self.seeded}

    @property
    def login(self) -> str:
        return f"{self.name}@example.com"

    @property
    def needs_factor(self) -> bool:
        return "Strong" in self.groups

    @property
    def needs_answer(self) -> bool:
        return "Forgetful" in self.groups

    @property
    def required(self) -> set[str]:
        return {"question OKTA"} if "Required" in self.groups else set()

    def fail(self) -> None:
        """Give a wrong password; too many in a row lock the user out."""
        if self.status in ("ACTIVE", "PASSWORD_EXPIRED"):
            self.failures += 1
            if self.failures >= ATTEMPTS:
                self.lock()

    def lock(self) -> None:
        if self.status != "LOCKED_OUT":
            self.before_lock, self.status = self.status, "LOCKED_OUT"

    def unlock(self) -> None:
        self.status, self.failures = self.before_lock, 0

    def shows(self, secret: str, given: str, now: datetime) -> bool:
        """Whether an authenticator shows this now, and it was not used before (RFC 6238 5.2)."""
        return self._step(secret, given, now) > self.used_steps.get(secret, -1)

    def use(self, secret: str, given: str, now: datetime) -> None:
        """Spend a code."""
        steps = (self._step(secret, given, now), self.used_steps.get(secret, -1))
        self.used_steps[secret] = max(steps)

    @staticmethod
    def _step(secret: str, given: str, now: datetime) -> int:
        step, codes = int(now.timestamp()) // 30, pyotp.HOTP(secret)
        fits = [each for each in (step - 1, step, step + 1) if codes.at(each) == given]
        return max(fits, default=-1)

    @property
    def seed(self) -> SeedUser:
        return SeedUser(
            login=self.login,
            password=self.password,
            status=self.status,  # type: ignore[arg-type] -- one of Okta's words
            groups=("Everyone", *self.groups),
            factors=self.seeded,
            password_age_days=self.age,
            profile={"mobilePhone": "+14155556688"},
            recovery_question=SeedRecoveryQuestion(question="Which?", answer="Beetroot"),
        )


def people() -> dict[str, Person]:
    """Everybody, as they are when a walk begins."""
    everybody = (
        Person("plain"),
        Person("strong", ("Strong",), seeded=(_CODE, _PHONE, _FOOD, _PUSH)),
        Person("phone", ("Strong", "Forgetful"), seeded=(_PHONE,)),
        Person("expired", ("Strong",), "PASSWORD_EXPIRED", (_CODE,)),
        Person("bare", ("Strong", "Offered")),
        Person("required", ("Required",)),
        Person("offered", ("Offered",)),
        Person("warned", ("Warned",), age=85),
        Person("forgetful", ("Forgetful",)),
        Person("locked", ("Strong",), "LOCKED_OUT", (_CODE,)),
        Person("suspended", status="SUSPENDED"),
        Person("denied", ("Denied",)),
    )
    return {each.name: each for each in everybody}


def _passwords(name: str, groups: tuple[str, ...] | None, **parts: Any) -> SeedPasswordPolicy:
    lockout = SeedLockout(max_attempts=ATTEMPTS, show_lockout_failures=groups is None)
    return SeedPasswordPolicy(name=name, groups=groups, lockout=lockout, **parts)


PEOPLE_SEED = Seed(
    users=tuple(each.seed for each in people().values()),
    sign_on_policies=(
        SeedSignOnPolicy(
            rules=(
                SeedSignOnRule(name="No", groups=("Denied",), access="DENY"),
                SeedSignOnRule(name="MFA", groups=("Strong",), require_factor=True),
                SeedSignOnRule(),
            )
        ),
    ),
    enrollment_policies=(
        SeedEnrollmentPolicy(
            name="Offered",
            groups=("Offered",),
            optional=("okta_sms", "okta_question", "google_otp", "okta_push"),
        ),
        SeedEnrollmentPolicy(
            name="Required",
            groups=("Required",),
            required=("okta_question",),
            optional=("okta_sms",),
        ),
    ),
    password_policies=(
        _passwords("Warned", ("Warned",), age=SeedAge(max_age_days=90, expire_warn_days=10)),
        _passwords("Forgetful", ("Forgetful",), recovery=SeedRecovery(asks_question=True)),
        _passwords("All", None),
    ),
)


@dataclass
class Standing:
    """A transaction as the tests know it: whose it is, where, and what was proved in it."""

    token: str
    person: Person
    body: Mapping[str, Any]
    proved: set[str]
    sent: str | None = None
    sent_at: datetime | None = None
    earlier: list[str] = field(default_factory=list)
    unlocks: bool = False

    @property
    def status(self) -> str:
        return str(self.body["status"])

    @property
    def factors(self) -> list[dict[str, Any]]:
        """The factors that the state shows, one or many."""
        embedded = self.body.get("_embedded", {})
        return [
            *([embedded["factor"]] if "factor" in embedded else []),
            *embedded.get("factors", []),
        ]

    def took_passcode(self, given: str, now: datetime) -> bool:
        """Whether this is what was sent last in this transaction, in time."""
        is_open = self.sent_at is not None and now < self.sent_at + PASSCODE_LIFETIME
        return is_open and self.sent is not None and given.strip() == self.sent

    @property
    def is_recovered(self) -> bool:
        """Whether a forgotten password may be replaced, or the account unlocked."""
        asked = {"recovered", "answered"} if self.person.needs_answer else {"recovered"}
        return asked <= self.proved

    @property
    def may_sign_in(self) -> bool:
        """Whether everything that the policies ask of this user was proved here."""
        person = self.person
        return (
            person.status == "ACTIVE"
            and "Denied" not in person.groups
            and "password" in self.proved
            and (not person.needs_factor or "factor" in self.proved)
            and person.required <= set(person.factors)
        )

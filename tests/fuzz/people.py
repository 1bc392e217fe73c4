"""Who walks through `/api/v1/authn`, and the tests' own idea of what each has to prove."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp

from mock_okta import (
    Age,
    Lockout,
    Recovery,
    RecoveryQuestion,
    Seed,
    SeedClient,
    SeedEnrollmentPolicy,
    SeedFactor,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.visiting import CALLBACK, PASSWORD

__all__ = ["PEOPLE_SEED", "Person", "Session", "Standing", "people"]

STRICT = "0oa1strict0000000h7"
REMEMBERED = timedelta(minutes=15)

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
    remembered: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.factors = {_KINDS[each.factor]: each.secret or each.answer for each in self.seeded}

    @property
    def login(self) -> str:
        return f"{self.name}@example.com"

    @property
    def needs_factor(self) -> bool:
        return "Strong" in self.groups

    @property
    def may_begin_without_password(self) -> bool:
        is_signable = self.status in ("ACTIVE", "PASSWORD_EXPIRED")
        return "Any" in self.groups and is_signable and bool(self.factors)

    def is_known_on(self, device: str | None, now: datetime) -> bool:
        """Whether a factor was proved on that device, which was to be remembered, not long ago."""
        return device is not None and now < self.remembered.get(device, now)

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
            recovery_question=RecoveryQuestion(question="Which?", answer="Beetroot"),
        )


def people() -> dict[str, Person]:
    """Everybody, as they are when a walk begins."""
    everybody = (
        Person("plain"),
        Person("strong", ("Strong",), seeded=(_CODE, _PHONE, _FOOD, _PUSH)),
        Person("phone", ("Strong", "Forgetful"), seeded=(_PHONE,)),
        Person("expired", ("Strong",), "PASSWORD_EXPIRED", (_CODE,)),
        Person("any", ("Any",), seeded=(_CODE, _PHONE)),
        Person("two", ("Any", "Strong"), seeded=(_PHONE, _FOOD)),
        Person("any_expired", ("Any",), "PASSWORD_EXPIRED", (_FOOD,)),
        Person("any_bare", ("Any",)),
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
    lockout = Lockout(max_attempts=ATTEMPTS, show_lockout_failures=groups is None)
    return SeedPasswordPolicy(name=name, groups=groups, lockout=lockout, **parts)


PEOPLE_SEED = Seed(
    users=tuple(each.seed for each in people().values()),
    clients=(
        SeedClient(
            name="Strict",
            type="spa",
            client_id=STRICT,
            login_redirect_uris=(CALLBACK,),
            requires_factor=True,
        ),
    ),
    sign_on_policies=(
        SeedSignOnPolicy(
            rules=(
                SeedSignOnRule(name="No", groups=("Denied",), access="DENY"),
                SeedSignOnRule(
                    name="Two",
                    users=("two@example.com",),
                    primary_factor="PASSWORD_IDP_ANY_FACTOR",
                    require_factor=True,
                ),
                SeedSignOnRule(
                    name="Any", groups=("Any",), primary_factor="PASSWORD_IDP_ANY_FACTOR"
                ),
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
        _passwords("Warned", ("Warned",), age=Age(max_age_days=90, expire_warn_days=10)),
        _passwords("Forgetful", ("Forgetful",), recovery=Recovery(asks_question=True)),
        _passwords("All", None),
    ),
)


@dataclass
class Standing:
    """A transaction as the tests know it: whose it is, where, and what was proved in it.

    `kinds`: what differs among the proofs. `device`: where the sign-in began; `session`: what a
    step-up lifts.
    """

    token: str
    person: Person
    body: Mapping[str, Any]
    proved: set[str]
    sent: str | None = None
    sent_at: datetime | None = None
    earlier: list[str] = field(default_factory=list)
    unlocks: bool = False
    kinds: set[str] = field(default_factory=set)
    device: str | None = None
    session: "Session | None" = None

    @property
    def steps_up(self) -> bool:
        return self.body.get("type") == "SESSION_STEP_UP"

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
    def has_proved_two(self) -> bool:
        """Whether two proofs were given that differ; a device that is remembered is none."""
        return len(self.kinds | ({"password"} & self.proved)) > 1

    def may_sign_in(self, now: datetime) -> bool:
        """Whether everything that the policies ask of this user was proved here."""
        person = self.person
        is_known = person.is_known_on(self.device, now) and not self.steps_up
        asks_two = self.steps_up or (person.needs_factor and not is_known)
        by_password = "password" in self.proved and person.status == "ACTIVE"
        return (
            person.status in ("ACTIVE", "PASSWORD_EXPIRED")
            and "Denied" not in person.groups
            and (by_password or ("Any" in person.groups and "factor" in self.proved))
            and (self.has_proved_two or not asks_two)
            and person.required <= set(person.factors)
        )


@dataclass
class Session:
    """A session as the tests know it: whose it is, and what was proved for it."""

    person: Person
    proved: set[str]
    kinds: set[str]
    cookie: str = ""

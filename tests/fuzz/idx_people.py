"""Who walks through the Identity Engine, what policies ask of them, and who has proved enough.

Judged by what was really given, by rules of the tests' own: the engine's are not imported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp

from tests.fuzz.people import SECRET
from tests.visiting import CALLBACK, PASSWORD

__all__ = ["APPS", "SPA", "Asked", "Person", "Proof", "Session", "Standing", "people"]

SPA = "0oa1idx00000000000h7"
ATTEMPTS = 4
GOOD_PASSWORDS = ("Other-Pass-2", "Third-Pass-3")
PHONE_NUMBER = "+14155556688"
KNOWN = frozenset({"okta_password", "security_question"})
BOUND = frozenset({"google_otp", "okta_verify"})
KEYS = {
    "okta_sms": "phone_number",
    "okta_email": "okta_email",
    "okta_question": "security_question",
    "google_otp": "google_otp",
    "okta_push": "okta_verify",
}
_SEEDED: Mapping[str, Mapping[str, str]] = {
    "okta_sms": {"phone_number": PHONE_NUMBER},
    "okta_question": {"question": "disliked_food", "answer": "beetroot"},
    "google_otp": {"secret": SECRET},
}
_TYPES = {"two": "2FA", "two_now": "2FA"}
_AGES = {"two_now": "PT0S", "now": "PT0S", "hour": "PT1H"}
_HAS = {"has": {}, "bound": {"device_bound": "REQUIRED"}, "key": {"phishing_resistant": "REQUIRED"}}
APPS = ("one", "one", "two", "two", "two_now", "now", "hour", "has", "bound", "key", "deny")


@dataclass(frozen=True)
class Proof:
    """That somebody proved an authenticator at an instant."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """What the policies of a walk ask for."""

    passwordless: bool
    two: bool
    app: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    recovers: tuple[str, ...]
    asks_question: bool

    @property
    def seed(self) -> dict[str, Any]:
        """The policies as a seed document has them."""
        primary = "PASSWORD_IDP_ANY_FACTOR" if self.passwordless else "PASSWORD_IDP"
        rule = {
            "access": "DENY" if self.app == "deny" else "ALLOW",
            "factor_mode": _TYPES.get(self.app, "1FA"),
            "reauthenticate_in": _AGES.get(self.app),
            "constraints": [{"possession": _HAS[self.app]}] if self.app in _HAS else [],
        }
        return {
            "sign_on_policies": [
                {"rules": [{"primary_factor": primary, "require_factor": self.two}]}
            ],
            "authentication_policies": [{"name": "App", "rules": [rule]}],
            "enrollment_policies": [{"required": self.required, "optional": self.optional}],
            "password_policies": [
                {
                    "lockout": {"max_attempts": ATTEMPTS},
                    "age": {"max_age_days": 90, "expire_warn_days": 10},
                    "recovery": {"factors": self.recovers, "asks_question": self.asks_question},
                }
            ],
        }


@dataclass
class Person:
    """A user as the tests know them."""

    name: str
    seeded: tuple[str, ...] = ()
    status: str = "ACTIVE"
    age: int = 0
    password: str = PASSWORD
    failures: int = 0
    is_locked: bool = False
    is_expired: bool = False
    keys: set[str] = field(default_factory=set)
    secrets: dict[str, str] = field(default_factory=dict)
    used_step: int = -1

    def __post_init__(self) -> None:
        self.keys = {KEYS[each] for each in self.seeded}
        self.secrets = {"google_otp": SECRET, "security_question": "beetroot"}
        self.is_expired = self.status == "PASSWORD_EXPIRED" or self.age > 90

    @property
    def login(self) -> str:
        return f"{self.name}@example.com"

    @property
    def seed(self) -> dict[str, Any]:
        """The user as a seed document has them."""
        return {
            "login": self.login,
            "password": self.password,
            "status": self.status,
            "password_age_days": self.age,
            "profile": {"email": self.login},
            "recovery_question": {"question": "Which?", "answer": "Beetroot"},
            "factors": [{"factor": each, **_SEEDED.get(each, {})} for each in self.seeded],
        }

    def fail(self) -> None:
        """Give a wrong password; the org counts wrong passcodes too, and so no less than this."""
        self.failures += 1
        self.is_locked |= self.failures >= ATTEMPTS

    def step_of(self, passcode: str, now: datetime) -> int:
        """The step of a passcode of Google Authenticator that is good and not used; -1 if none."""
        step, codes = int(now.timestamp()) // 30, pyotp.HOTP(self.secrets["google_otp"])
        fits = [each for each in (step - 1, step, step + 1) if codes.at(each) == passcode]
        return max((each for each in fits if each > self.used_step), default=-1)


@dataclass
class Session:
    """A session, by what was proved in it."""

    person: Person
    proofs: list[Proof]
    is_over: bool = False


@dataclass
class Standing:
    """A transaction, who it is about, and what was proved in it with right secrets."""

    document: dict[str, Any]
    browser: int
    person: Person | None = None
    proofs: list[Proof] = field(default_factory=list)
    session: Session | None = None
    recovers: bool = False
    unlocks: bool = False
    recovered: set[str] = field(default_factory=set)
    sent: tuple[str, datetime, str] | None = None
    link: str | None = None
    earlier: list[str] = field(default_factory=list)
    push: str | None = None
    is_used: bool = False

    @property
    def handle(self) -> str:
        return str(self.document["stateHandle"])

    @property
    def forms(self) -> list[dict[str, Any]]:
        """The remediations, and what can be done beside them."""
        found = list(self.document.get("remediation", {}).get("value", []))
        for name in ("currentAuthenticator", "currentAuthenticatorEnrollment"):
            inner = self.document.get(name, {}).get("value", {})
            found += [each for each in inner.values() if isinstance(each, dict) and "rel" in each]
        return found + [self.document[name] for name in ("cancel",) if name in self.document]

    @property
    def screen(self) -> str:
        """The name of the first remediation, or how it ended."""
        listed = self.document.get("remediation", {}).get("value", [])
        if listed:
            return str(listed[0]["name"])
        ends = ("successWithInteractionCode", "success")
        return "SUCCESS" if any(each in self.document for each in ends) else "OVER"

    @property
    def current(self) -> dict[str, Any]:
        """The authenticator that the screen is about."""
        for name in ("currentAuthenticator", "currentAuthenticatorEnrollment"):
            if name in self.document:
                return dict(self.document[name]["value"])
        return {}

    @property
    def earlier_proofs(self) -> list[Proof]:
        """What the session adds."""
        is_live = self.session is not None and not self.session.is_over
        return list(self.session.proofs) if is_live and self.session is not None else []

    def forget(self) -> None:
        """Begin anew."""
        self.proofs, self.session, self.recovered = [], None, set()
        self.recovers = self.unlocks = False
        self.sent = self.push = self.link = None


def people() -> dict[str, Person]:
    """Everybody, as they are when a walk begins."""
    everybody = (
        Person("bare"),
        Person("phone", ("okta_sms",)),
        Person("rich", ("google_otp", "okta_email", "okta_question")),
        Person("pushy", ("okta_push",)),
        Person("asked", ("okta_question",)),
        Person("expired", ("okta_email",), status="PASSWORD_EXPIRED"),
        Person("warned", age=85),
    )
    return {each.name: each for each in everybody}


def seed() -> dict[str, Any]:
    """The org before a walk."""
    client = {
        "name": "App",
        "type": "spa",
        "client_id": SPA,
        "login_redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "interaction_code"],
        "authentication_policy": "App",
    }
    return {
        "org": {"engine": "identity"},
        "users": [each.seed for each in people().values()],
        "clients": [client],
        "authentication_policies": [{"name": "App"}],
    }


def _types(keys: Iterable[str]) -> set[bool]:
    return {key in KNOWN for key in keys}


def org_is_content(asked: Asked, keys: set[str]) -> bool:
    """Whether the sign-on rule asks for no more than these."""
    if not asked.passwordless and "okta_password" not in keys:
        return False
    return len(_types(keys)) >= (2 if asked.two else 1)


def app_is_content(asked: Asked, keys: set[str]) -> bool:
    """Whether the app's rule asks for no more; how old each is was looked at before."""
    has = keys - KNOWN
    met = {
        "one": bool(keys),
        "now": bool(keys),
        "hour": bool(keys),
        "two": len(_types(keys)) == 2,
        "two_now": len(_types(keys)) == 2,
        "has": bool(has),
        "bound": bool(has & BOUND),
    }
    return met.get(asked.app, False)


def young(asked: Asked, proofs: Iterable[Proof], now: datetime) -> set[str]:
    """What of a session is not too old for the app."""
    age = _AGES.get(asked.app)
    if age == "PT0S":
        return set()
    limit = timedelta.max if age is None else timedelta(hours=1)
    return {each.key for each in proofs if now - each.at <= limit}


def has_proved_enough(
    asked: Asked, proofs: Iterable[Proof], earlier: Iterable[Proof], now: datetime
) -> bool:
    """Whether what was proved is what the policies ask for."""
    mine, before = {each.key for each in proofs}, list(earlier)
    everything = mine | {each.key for each in before}
    is_enough = app_is_content(asked, mine | young(asked, before, now))
    return is_enough and org_is_content(asked, everything)


def may_sign_in(asked: Asked, person: Person, standing: Standing, now: datetime) -> bool:
    """Whether the user may have a code."""
    proved = {each.key for each in (*standing.proofs, *standing.earlier_proofs)}
    if person.is_locked or (person.is_expired and "okta_password" in proved):
        return False  # who signs in without the password is not asked to renew it
    missing = {KEYS[each] for each in asked.required} - person.keys
    return not missing and has_proved_enough(asked, standing.proofs, standing.earlier_proofs, now)


def may_enroll(asked: Asked, person: Person, standing: Standing, now: datetime) -> bool:
    """Whether they have proved all that is asked; or two of what they have, as far as they can."""
    proved = {each.key for each in (*standing.proofs, *standing.earlier_proofs)}
    if has_proved_enough(asked, standing.proofs, standing.earlier_proofs, now):
        return True
    able = min(2, len(_types({"okta_password", *person.keys})))
    return len(_types(proved)) >= able

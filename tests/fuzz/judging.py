"""Who judges what a walker through `/api/v1/authn` sends: what it proves, and of whom.

Judged by what was sent (`people`), never by what the org says of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mock_okta import MockOkta
from mock_okta.authn.operations import PATHS, Operation
from tests.fuzz.people import REMEMBERED, TOTP, Person, Session, Standing, people
from tests.fuzz.wire import Client, Reply

__all__ = ["PASSWORD_FACTOR", "REMEMBER", "Judge", "kind_of", "path_of", "shared_secret"]

JSON = ("Content-Type", "application/json")
NEVER = "no-such-thing"
PASSWORD_FACTOR = "password OKTA"
REMEMBER = "?rememberDevice=true"


@dataclass
class Judge:
    """Knows all users and what each proved so far, and what the org has sent."""

    org: MockOkta
    client: Client
    everybody: dict[str, Person] = field(default_factory=people)
    slots: list[Standing | None] = field(default_factory=lambda: [None, None])
    dead: list[str] = field(default_factory=list)
    links: dict[str, tuple[Person, bool]] = field(default_factory=dict)
    used_links: list[str] = field(default_factory=list)
    pushes: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    seen: int = 0
    signed_in: list[str] = field(default_factory=list)
    stepped_up: list[str] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    device: str | None = None

    @property
    def now(self) -> datetime:
        return self.org.clock.now()

    def post(self, path: str, body: Any) -> Reply:
        cookie = [] if self.device is None else [("Cookie", f"DT={self.device}")]
        reply = self.client.send("POST", path, [JSON, *cookie], json.dumps(body).encode())
        assert reply.status < 500, (path, body, reply.body)
        if reply.status != 200:
            error = reply.json()
            assert set(error) == {
                "errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"
            }, error  # fmt: skip
        return reply

    def new_messages(self) -> list[dict[str, Any]]:
        """What was sent since this was asked last."""
        messages: list[dict[str, Any]] = self.client.send("GET", "/_mock/outbox").json()["messages"]
        seen, self.seen = self.seen, len(messages)
        return messages[seen:]

    def named(self, body: Mapping[str, Any]) -> Person:
        """Whom a login names; nobody may sign in whom it does not."""
        found = [each for each in self.everybody.values() if each.login == body.get("username")]
        return found[0] if found else Person("nobody", ("Denied",))

    def proof(
        self, operation: Operation, standing: Standing, path: str, body: Mapping[str, Any]
    ) -> str | None:
        """What this request would prove, if it is taken."""
        given = str(body.get("passCode") or body.get("answer") or body.get("password") or "")
        person = standing.person
        proved = {
            Operation.AUTHENTICATE: (
                "password",
                body.get("password") == self.named(body).password,
            ),
            Operation.VERIFY: (
                "password" if kind_of(factor_in(standing, path)) == PASSWORD_FACTOR else "factor",
                self.proves_factor(standing, path, given),
            ),
            Operation.ACTIVATE: ("enrolled", self.proves_new_factor(standing, path, given)),
            Operation.ENROLL: ("enrolled", body.get("factorType") == "question"),
            Operation.VERIFY_RECOVERY: ("recovered", standing.took_passcode(given, self.now)),
            Operation.ANSWER: ("answered", given.strip().casefold() == "beetroot"),
            Operation.CHANGE_PASSWORD: ("changed", body.get("oldPassword") == person.password),
            Operation.RESET_PASSWORD: ("changed", standing.is_recovered and not standing.unlocks),
        }
        fact, is_proved = proved.get(operation, ("", False))
        return fact if is_proved else None

    def proves_factor(self, standing: Standing, path: str, given: str) -> bool:
        kind = kind_of(factor_in(standing, path))
        if kind == PASSWORD_FACTOR:
            return given == standing.person.password
        known = standing.person.factors
        return kind in known and self.proves(kind, known[kind], standing, given)

    def proves_new_factor(self, standing: Standing, path: str, given: str) -> bool:
        found = factor_in(standing, path)
        return self.proves(kind_of(found), shared_secret(found), standing, given)

    def proves(self, kind: str, secret: str | None, standing: Standing, given: str) -> bool:
        match kind.partition(" ")[0]:
            case "sms":
                return standing.took_passcode(given, self.now)
            case "question":
                return given.strip().casefold() == secret
            case "push":
                return standing.sent in self.approved
            case _:
                return secret is not None and standing.person.shows(secret, given, self.now)

    def use_code(self, person: Person, secret: str | None, body: Mapping[str, Any]) -> None:
        if secret is not None:
            person.use(secret, str(body.get("passCode")), self.now)

    def turned_to(
        self, standing: Standing, person: Person, fact: str | None, body: Mapping[str, Any]
    ) -> None:
        """Note whose sign-in a transaction is now: nothing that was proved before counts."""
        assert fact == "password" or body.get("password") is None, "a wrong password was taken"
        standing.person, standing.device = person, self.device
        standing.proved, standing.kinds = set(), set()

    def gained(
        self, fact: str | None, standing: Standing, body: Mapping[str, Any], path: str
    ) -> None:
        """Note what was proved by a request that was taken."""
        person = standing.person
        new = body.get("newPassword")
        if new is not None and standing.status != "RECOVERY":
            assert fact == "changed", "a password was changed by who proved nothing"
        if fact == "answered" and new is not None and not standing.unlocks:
            standing.proved.add("answered")
            assert standing.is_recovered
            fact = "changed"
        if "newPassword" in body and standing.status in ("RECOVERY", "PASSWORD_RESET"):
            standing.device = self.device
        if fact == "changed":
            person.password, person.status, person.failures = str(new), "ACTIVE", 0
            standing.proved.add("password")
        elif fact == "enrolled":
            self.enrolled(standing, body)
        elif fact is not None:
            standing.proved.add(fact)
        if fact in ("factor", "password") and path.partition("?")[0].endswith("/verify"):
            kind = kind_of(factor_in(standing, path)).partition(" ")[0]
            standing.kinds |= {kind} if fact == "factor" else set()
            if self.device and path.endswith(REMEMBER) and standing.has_proved_two:
                person.remembered[self.device] = self.now + REMEMBERED
        if fact == "factor":
            person.failures = 0
            self.use_code(person, person.factors.get(f"{TOTP} GOOGLE"), body)

    def enrolled(self, standing: Standing, body: Mapping[str, Any]) -> None:
        """A new factor counts as proof only for who had none that has to be proved first."""
        person = standing.person
        asks_factor = person.needs_factor or standing.steps_up
        factor = standing.body.get("_embedded", {}).get("factor", body)
        if not asks_factor or not person.factors or "factor" in standing.proved:
            standing.proved.add("factor")
            standing.kinds.add(kind_of(factor).partition(" ")[0])
        kind, secret = kind_of(factor), shared_secret(factor)
        assert kind not in person.factors, "a factor was replaced"
        person.factors[kind] = (body.get("profile") or {}).get("answer") or secret
        self.use_code(person, secret, body)
        if kind == "push OKTA":
            person.factors.setdefault(f"{TOTP} OKTA", None)


def factor_in(standing: Standing, path: str) -> Mapping[str, Any]:
    """The factor that a path names by its id, if the state shows it."""
    return next((each for each in standing.factors if each.get("id", NEVER) in path), {})


def kind_of(factor: Mapping[str, Any]) -> str:
    return f"{factor.get('factorType')} {factor.get('provider')}"


def shared_secret(factor: Mapping[str, Any]) -> str | None:
    """The secret for an authenticator during enrolment."""
    activation = factor.get("_embedded", {}).get("activation", {})
    secret: str | None = activation.get("sharedSecret")
    return secret


def path_of(operation: Operation, factor_id: str, channel: str = "sms") -> str:
    return PATHS[operation].replace("{factor_id}", factor_id).replace("{channel}", channel)

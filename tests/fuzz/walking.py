"""A walker through `/api/v1/authn`: sends what it is told to, and judges what comes back.

What was proved is judged by what was sent (`people`), never by what the org says of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mock_okta import MockOkta
from mock_okta.authn.operations import PATHS, Operation
from tests.authn.cells import OVER, successors
from tests.fuzz.people import TOTP, Person, Standing, people
from tests.fuzz.wire import Client, Reply

__all__ = ["Walker"]

AUTHN = "/api/v1/authn"
JSON = ("Content-Type", "application/json")
SENT = {"MFA_CHALLENGE", "MFA_ENROLL_ACTIVATE", "RECOVERY_CHALLENGE"}
SENDING = {
    Operation.VERIFY,
    Operation.RESEND,
    Operation.ENROLL,
    Operation.ACTIVATE,
    Operation.RESEND_ACTIVATION,
    Operation.RESEND_RECOVERY,
}
NEVER = "no-such-thing"


@dataclass
class Walker:
    """Somebody with two sign-ins under way, who knows what all users know, and uses it or not."""

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

    @property
    def now(self) -> datetime:
        return self.org.clock.now()

    def post(self, path: str, body: Any) -> Reply:
        reply = self.client.send("POST", path, [JSON], json.dumps(body).encode())
        assert reply.status < 500, (path, body, reply.body)
        if reply.status != 200:
            error = reply.json()
            assert set(error) == {
                "errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"
            }, error  # fmt: skip
        return reply

    def begin(self, slot: int, person: Person, password: str, options: Mapping[str, bool]) -> None:
        """Try to sign in by a password."""
        is_right = password == person.password
        body = {"username": person.login, "password": password, "options": options}
        reply = self.post(AUTHN, body)
        if is_right and person.status != "LOCKED_OUT":
            person.failures = 0
        if reply.status != 200:
            if not is_right:
                person.fail()
        elif reply.json()["status"] == "LOCKED_OUT":  # by wrong passcodes too
            person.lock()
        else:
            assert is_right, "a wrong password was taken"
            self.stand(slot, Standing("", person, {}, {"password"}), reply.json())

    def recover(self, slot: int, person: Person, factor: str, *, unlocks: bool) -> None:
        """Begin to recover a password or to unlock."""
        path = f"{AUTHN}/recovery/{'unlock' if unlocks else 'password'}"
        reply = self.post(path, {"username": person.login, "factorType": factor})
        if reply.status == 200 and factor == "SMS":
            self.stand(slot, Standing("", person, {}, set(), unlocks=unlocks), reply.json())
            standing = self.slots[slot]
            assert standing is not None
            self.note_sent(standing)
        elif reply.status == 200:
            assert "stateToken" not in reply.json()
            for message in self.new_messages():
                token = message["link"].rpartition("/")[2]
                self.links[token] = (person, unlocks)

    def redeem(self, slot: int, token: str) -> None:
        """Follow the link of an e-mail."""
        reply = self.post(f"{AUTHN}/recovery/token", {"recoveryToken": token})
        if reply.status == 200:
            assert token in self.links, "a token that was never sent, or was used, was taken"
            person, unlocks = self.links.pop(token)
            self.used_links.append(token)
            standing = Standing("", person, {}, {"recovered"}, unlocks=unlocks)
            self.stand(slot, standing, reply.json())

    def operate(
        self, operation: Operation, standing: Standing, path: str, body: dict[str, Any]
    ) -> None:
        """Send one request in a transaction, and see where it leads."""
        fact = self.proof(operation, standing, path, body)
        reply = self.post(path, {**body, "stateToken": standing.token})
        if reply.status == 401 and reply.json()["errorCode"] == "E0000011":
            self.end(standing)
        allowed = successors(standing.status, operation)
        if reply.status != 200:
            assert allowed or reply.status in (400, 401) or _is_forbidden(reply), reply.body
            return
        answer = reply.json()
        status = answer.get("status", OVER)
        assert status in allowed, f"{standing.status} {operation} {status}"
        self.gained(fact, standing, body)
        self.settle(standing, answer)
        if operation in SENDING:
            self.note_sent(standing)

    def send_dead(self, path: str, body: dict[str, Any], token: str) -> None:
        """Send a state token whose transaction is over, or never was."""
        reply = self.post(path, {**body, "stateToken": token})
        assert reply.status in (400, 401), "a dead transaction came alive"

    def proof(
        self, operation: Operation, standing: Standing, path: str, body: Mapping[str, Any]
    ) -> str | None:
        """What this request would prove, if it is taken."""
        given = str(body.get("passCode") or body.get("answer") or "")
        person = standing.person
        proved = {
            Operation.VERIFY: ("factor", self.proves_factor(standing, path, given)),
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

    def gained(self, fact: str | None, standing: Standing, body: Mapping[str, Any]) -> None:
        """Note what was proved by a request that was taken."""
        person = standing.person
        new = body.get("newPassword")
        if new is not None and standing.status != "RECOVERY":
            assert fact == "changed", "a password was changed by who proved nothing"
        if fact == "answered" and new is not None and not standing.unlocks:
            standing.proved.add("answered")
            assert standing.is_recovered
            fact = "changed"
        if fact == "changed":
            person.password, person.status, person.failures = str(new), "ACTIVE", 0
            standing.proved.add("password")
        elif fact == "enrolled":
            self.enrolled(standing, body)
        elif fact is not None:
            standing.proved.add(fact)
        if fact == "factor":
            person.failures = 0
            self.use_code(person, person.factors.get(f"{TOTP} GOOGLE"), body)

    def use_code(self, person: Person, secret: str | None, body: Mapping[str, Any]) -> None:
        if secret is not None:
            person.use(secret, str(body.get("passCode")), self.now)

    def enrolled(self, standing: Standing, body: Mapping[str, Any]) -> None:
        """A new factor counts as proof only for who had none that has to be proved first."""
        person = standing.person
        if not person.needs_factor or not person.factors or "factor" in standing.proved:
            standing.proved.add("factor")
        factor = standing.body.get("_embedded", {}).get("factor", body)
        kind, secret = kind_of(factor), shared_secret(factor)
        assert kind not in person.factors, "a factor was replaced"
        person.factors[kind] = (body.get("profile") or {}).get("answer") or secret
        self.use_code(person, secret, body)
        if kind == "push OKTA":
            person.factors.setdefault(f"{TOTP} OKTA", None)

    def settle(self, standing: Standing, answer: dict[str, Any]) -> None:
        """Go on where the answer says, or end; a session token has to be earned."""
        if "sessionToken" in answer:
            assert answer["_embedded"]["user"]["profile"]["login"] == standing.person.login
            assert standing.may_sign_in, f"{standing.person} {standing.proved}"
            self.signed_in.append(standing.person.name)
        elif answer.get("recoveryType") == "UNLOCK" and answer["status"] == "SUCCESS":
            assert standing.unlocks
            assert standing.is_recovered, standing.proved
            standing.person.unlock()
        if "stateToken" in answer:
            assert standing.token in ("", answer["stateToken"])
            standing.token, standing.body = answer["stateToken"], answer
            if standing.status in ("MFA_REQUIRED", "MFA_ENROLL") and standing.sent:
                standing.earlier.append(standing.sent)
                standing.sent = None
        else:
            self.end(standing)

    def stand(self, slot: int, standing: Standing, answer: dict[str, Any]) -> None:
        """Have a new transaction in a slot; the one before is watched no more."""
        self.slots[slot] = standing
        self.settle(standing, answer)

    def end(self, standing: Standing) -> None:
        if standing.token:
            self.dead.append(standing.token)
        self.slots = [None if each is standing else each for each in self.slots]

    def note_sent(self, standing: Standing) -> None:
        """Note what went out for this transaction just now, if anything did."""
        if not standing.token or standing.status not in SENT:
            return
        new = [each["passcode"] for each in self.new_messages() if "passcode" in each]
        if any(each["factorType"] == "push" for each in standing.factors):
            pushes = self.client.send("GET", "/_mock/push").json()["pushes"]
            new += [each["id"] for each in pushes if each["id"] not in self.pushes]
            self.pushes |= {each["id"] for each in pushes}
        for sent in new:
            standing.earlier += [standing.sent] if standing.sent else []
            standing.sent, standing.sent_at = sent, self.now

    def new_messages(self) -> list[dict[str, Any]]:
        """What was sent since this was asked last."""
        messages: list[dict[str, Any]] = self.client.send("GET", "/_mock/outbox").json()["messages"]
        seen, self.seen = self.seen, len(messages)
        return messages[seen:]

    def answer_push(self, push_id: str, answer: str) -> None:
        """Answer in the device's place."""
        path = f"/_mock/push/{push_id}"
        reply = self.client.send("POST", path, [JSON], json.dumps({"answer": answer}).encode())
        if reply.status == 200 and reply.json()["answer"] == "APPROVED":
            self.approved.add(push_id)

    def stands_where_it_did(self, standing: Standing) -> None:
        """Whatever was refused changed nothing."""
        reply = self.post(f"{AUTHN}/introspect", {"stateToken": standing.token})
        if reply.status == 200:
            assert reply.json()["status"] == standing.status
        else:
            assert reply.status == 401, reply.body

    def wait(self, by: timedelta) -> None:
        self.org.clock.advance(by)


def _is_forbidden(reply: Reply) -> bool:
    return (reply.status, reply.json()["errorCode"]) == (403, "E0000079")


def factor_in(standing: Standing, path: str) -> Mapping[str, Any]:
    """The factor that a path names by its id, if the state shows it."""
    return next((each for each in standing.factors if each.get("id", NEVER) in path), {})


def kind_of(factor: Mapping[str, Any]) -> str:
    return f"{factor.get('factorType')} {factor.get('provider')}"


def shared_secret(factor: Mapping[str, Any]) -> str | None:
    """What an authenticator that is being enrolled was told."""
    activation = factor.get("_embedded", {}).get("activation", {})
    secret: str | None = activation.get("sharedSecret")
    return secret


def path_of(operation: Operation, factor_id: str, channel: str = "sms") -> str:
    return PATHS[operation].replace("{factor_id}", factor_id).replace("{channel}", channel)

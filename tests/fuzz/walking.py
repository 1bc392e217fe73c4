"""A walker through `/api/v1/authn`: sends given requests, and checks the answers."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mock_okta.authn.operations import Operation
from tests.authn.cells import OVER, successors
from tests.fuzz.app_visiting import AppVisitor
from tests.fuzz.judging import JSON, PASSWORD_FACTOR, kind_of
from tests.fuzz.people import Person, Session, Standing
from tests.fuzz.wire import Reply

__all__ = ["Walker"]

AUTHN = "/api/v1/authn"
SENT = {"MFA_CHALLENGE", "MFA_ENROLL_ACTIVATE", "RECOVERY_CHALLENGE"}
SENDING = {
    Operation.VERIFY,
    Operation.RESEND,
    Operation.ENROLL,
    Operation.ACTIVATE,
    Operation.RESEND_ACTIVATION,
    Operation.RESEND_RECOVERY,
}
LISTING = ("UNAUTHENTICATED", "MFA_REQUIRED", "MFA_ENROLL")


class Walker(AppVisitor):
    """Somebody with two sign-ins under way, who knows what all users know, and uses it or not."""

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
            standing = Standing("", person, {}, {"password"}, device=self.device)
            self.stand(slot, standing, reply.json())

    def begin_by_name(self, slot: int, person: Person) -> None:
        """Send only a login: users who may not begin so are asked for the password."""
        reply = self.post(AUTHN, {"username": person.login, "options": {}})
        assert reply.status == 200, reply.body
        answer = reply.json()
        if answer["status"] == "LOCKED_OUT":
            person.lock()
            return
        self.is_asked_as_by_rule(person, answer)
        self.stand(slot, Standing("", person, {}, set(), device=self.device), answer)

    def is_asked_as_by_rule(self, person: Person, answer: Mapping[str, Any]) -> None:
        """Users who may not begin with a factor see no factors and nothing about the user."""
        kinds = [kind_of(each) for each in answer["_embedded"]["factors"]]
        assert "user" not in answer["_embedded"]
        assert set(kinds) <= {PASSWORD_FACTOR, *person.factors}
        assert kinds == [PASSWORD_FACTOR] or person.may_begin_without_password, kinds

    def authorize(self, slot: int, session: Session, token: str | None, *, anew: bool) -> None:
        """Ask for a code as an app that wants a factor does; go on with the step-up."""
        state_token = self.asked_to_step_up(session, token, anew=anew)
        if state_token is None:
            return
        answer = self.post(f"{AUTHN}/introspect", {"stateToken": state_token}).json()
        standing = Standing("", session.person, {}, set(), session=session)
        if answer["status"] != "UNAUTHENTICATED":
            standing.proved, standing.kinds = set(session.proved), set(session.kinds)
        self.stand(slot, standing, answer)

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
        if operation is Operation.AUTHENTICATE:
            person = self.named(body)
            if status == "LOCKED_OUT":  # the transaction stays where it was
                person.lock()
                return
            self.turned_to(standing, person, fact, body)
        self.gained(fact, standing, body, path)
        self.settle(standing, answer)
        if operation in SENDING:
            self.note_sent(standing)

    def send_dead(self, path: str, body: dict[str, Any], token: str) -> None:
        """Send a state token whose transaction is over, or never was."""
        reply = self.post(path, {**body, "stateToken": token})
        assert reply.status in (400, 401), "a dead transaction came alive"

    def settle(self, standing: Standing, answer: dict[str, Any]) -> None:
        """Go on where the answer says, or end; a session token has to be earned."""
        if "sessionToken" in answer:
            assert answer["_embedded"]["user"]["profile"]["login"] == standing.person.login
            assert standing.may_sign_in(self.now), f"{standing.person} {standing.proved}"
            self.signed_in.append(standing.person.name)
            session = Session(standing.person, standing.proved, standing.kinds)
            self.sessions[answer["sessionToken"]] = session
        elif answer.get("recoveryType") == "UNLOCK" and answer["status"] == "SUCCESS":
            assert standing.unlocks
            assert standing.is_recovered, standing.proved
            standing.person.unlock()
        if "stateToken" in answer:
            assert standing.token in ("", answer["stateToken"])
            standing.token, standing.body = answer["stateToken"], answer
            if standing.status == "SUCCESS":
                self.finish_step_up(standing, answer)
            if standing.status in LISTING and standing.sent:
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

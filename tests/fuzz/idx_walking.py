"""A walker through `/idp/idx/*`: follows forms, rightly or not, and judges what comes back."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from mock_okta import MockOkta
from tests.fuzz import idx_people as judge
from tests.fuzz.idx_people import SPA, Asked, Person, Proof, Session, Standing, people
from tests.fuzz.wire import Client, Reply
from tests.idx.shapes import assert_keeps_the_rules
from tests.visiting import CALLBACK, CHALLENGE, VERIFIER

__all__ = ["Fact", "Walker"]

JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
PASSCODE_LIFETIME = timedelta(minutes=5)
_PROVING = {
    "challenge-authenticator",
    "challenge-poll",
    "authenticator-verification-data",
    "select-authenticator-authenticate",
}
_ENROLLING = {
    "select-authenticator-enroll",
    "authenticator-enrollment-data",
    "enrollment-channel-data",
    "enroll-authenticator",
    "enroll-poll",
}
_RENEWING = {"reenroll-authenticator", "reenroll-authenticator-warning"}
_GOING_ON = _PROVING | _RENEWING | {"select-authenticator-enroll", "SUCCESS"}
_RECOVERING = _PROVING | {"reset-authenticator"}
SUCCESSORS: dict[str, set[str]] = {
    "identify": _GOING_ON,
    "challenge-authenticator": _GOING_ON | {"reset-authenticator", "OVER"},
    "challenge-poll": _GOING_ON | {"resend"},
    "resend": _ENROLLING | _GOING_ON,  # the other browser may have finished the enrolment
    "poll": _PROVING | _ENROLLING,
    "authenticator-verification-data": {"challenge-authenticator", "challenge-poll"},
    "select-authenticator-authenticate": _PROVING,
    "identify-recovery": _RECOVERING,
    "recover": _RECOVERING | {"identify-recovery"},
    "reset-authenticator": _GOING_ON | {"OVER"},
    "reenroll-authenticator": _GOING_ON | {"OVER"},
    "reenroll-authenticator-warning": _GOING_ON | {"OVER"},
    "unlock-account": {"select-authenticator-unlock-account"},
    "select-authenticator-unlock-account": _PROVING,
    "select-authenticator-enroll": _ENROLLING | _GOING_ON,
    "authenticator-enrollment-data": _ENROLLING | _GOING_ON,
    "enrollment-channel-data": _ENROLLING | _GOING_ON,
    "select-enrollment-channel": _ENROLLING | _GOING_ON,
    "enroll-authenticator": _ENROLLING | _GOING_ON,
    "enroll-poll": _ENROLLING | _GOING_ON,
    "skip": _GOING_ON,
    "cancel": {"identify"},
}
"""Form -> the screens that it may lead to."""


@dataclass(frozen=True)
class Fact:
    """What a request really proves, should it be taken: of whom, which key, a password, a step."""

    person: Person | None = None
    key: str | None = None
    password: str | None = None
    step: int = -1
    secret: str | None = None


@dataclass
class Walker:
    """Two browsers with a sign-in under way each; knows what all users know, and uses it or not."""

    org: MockOkta
    client: Client
    asked: Asked
    everybody: dict[str, Person] = field(default_factory=people)
    slots: list[Standing | None] = field(default_factory=lambda: [None, None])
    cookies: list[dict[str, str]] = field(default_factory=lambda: [{}, {}])
    sessions: dict[str, Session] = field(default_factory=dict)
    over: list[Standing] = field(default_factory=list)
    seen: int = 0
    pushes: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    signed_in: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.org.clock.now()

    def send(
        self, browser: int | None, method: str, path: str, kind: tuple[str, str], body: str = ""
    ) -> Reply:
        """Send a request of a browser, or of somebody who has no cookies; never is there a 500."""
        kept = {} if browser is None else self.cookies[browser]
        cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        headers = [kind, *([("Cookie", cookie)] if cookie else [])]
        reply = self.client.send(method, path, headers, body.encode())
        assert reply.status < 500, (path, body, reply.body)
        for line in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            if name in ("DT", "idx") and browser is not None:
                kept[name] = value
        return reply

    def begin(self, slot: int, *, uses_session: bool, **more: str) -> None:
        """Begin a sign-in to the app."""
        form = {
            "client_id": SPA,
            "scope": "openid",
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "state-1",
        } | more
        path = "/oauth2/default/v1/interact"
        handle = json.loads(self.send(slot, "POST", path, FORM, urlencode(form)).body)
        asks = {"interactionHandle": handle["interaction_handle"]}
        if not uses_session:
            self.cookies[slot].pop("idx", None)
        reply = self.send(slot, "POST", "/idp/idx/introspect", JSON, json.dumps(asks))
        standing = Standing(self.read(reply), slot)
        self.slots[slot] = standing
        session = self.sessions.get(self.cookies[slot].get("idx", ""))
        if standing.screen != "identify" and session is not None:
            assert more.get("prompt") != "login"
            standing.person, standing.session = session.person, session
        assert standing.screen == "identify" or standing.session is not None
        self.note(standing)

    def read(self, reply: Reply) -> dict[str, Any]:
        """Return the document, which keeps the rules of all documents."""
        document: dict[str, Any] = json.loads(reply.body)
        assert reply.headers["Content-Type"].startswith("application/ion+json"), reply.body
        assert_keeps_the_rules(document)
        return document

    def take(
        self, standing: Standing, form: dict[str, Any], values: dict[str, Any], fact: Fact
    ) -> None:
        """Post a form, and see where it leads."""
        name, before = form["name"], standing.screen
        constants = {e["name"]: e["value"] for e in form["value"] if e.get("mutable") is False}
        path = urlsplit(form["href"]).path
        reply = self.send(standing.browser, "POST", path, JSON, json.dumps(constants | values))
        if reply.status == 400 and reply.json() is not None:  # no body of the form at all
            assert reply.json()["errorCode"] == "E0000001", reply.body
            return
        document = self.read(reply)
        if reply.status != 200 or _is_of_nobody(name, document):
            self.is_refused(standing, document, before)
            self.fail(name, standing, fact, values)
            return
        standing.document = document
        after, is_poll = standing.screen, name == "poll"
        assert after in SUCCESSORS[name] or (after == before and is_poll), f"{name} -> {after}"
        self.gained(name, standing, fact, is_same=after == before)
        self.note(standing)

    def is_refused(self, standing: Standing, document: dict[str, Any], before: str) -> None:
        """A refusal has words, and leaves everything where it was, or ends the document."""
        said = [*document.get("messages", {}).get("value", ())]
        first = document.get("remediation", {}).get("value", [{}])[0]
        assert said or '"messages"' in json.dumps(first), document
        if "remediation" in document:
            assert first["name"] == before or before == "OVER", (before, first["name"])
            standing.document = document

    def fail(self, name: str, standing: Standing, fact: Fact, values: dict[str, Any]) -> None:
        """Count a wrong password."""
        whose = fact.person or standing.person
        given = values.get("credentials", {})
        asks = name == "identify" or standing.current.get("key") == "okta_password"
        is_proof = name in ("identify", "challenge-authenticator") and asks
        if is_proof and isinstance(given, dict) and "passcode" in given and whose is not None:
            is_wrong = fact.key is None and isinstance(given["passcode"], str)
            if is_wrong and not standing.recovers:
                whose.fail()

    def gained(self, name: str, standing: Standing, fact: Fact, *, is_same: bool) -> None:
        """Note what was proved, now that it was taken."""
        match name:
            case "cancel":
                standing.forget()
                standing.person = None
            case "identify":
                standing.forget()
                standing.person = fact.person
                self.prove(standing, fact)
            case "identify-recovery" | "recover":
                self.recover(standing, fact)
            case "unlock-account":
                standing.forget()
                standing.unlocks = True
            case "select-authenticator-unlock-account":
                standing.person = fact.person
            case "reset-authenticator":
                self.reset(standing, fact)
            case "reenroll-authenticator" | "reenroll-authenticator-warning":
                assert standing.person is not None
                assert fact.password in judge.GOOD_PASSWORDS
                standing.person.password = str(fact.password)
                standing.person.is_expired = False
            case "challenge-authenticator" | "challenge-poll" if not is_same or fact.key:
                self.prove(standing, fact)
            case "enroll-authenticator" | "enroll-poll" if not is_same:
                self.enroll(standing, fact)

    def recover(self, standing: Standing, fact: Fact) -> None:
        person = fact.person or standing.person
        standing.forget()
        standing.person, standing.recovers = person, True

    def reset(self, standing: Standing, fact: Fact) -> None:
        """A new password stands alone: what recovered it counts no more."""
        person = standing.person
        assert person is not None
        self.is_recovered(standing)
        assert fact.password in judge.GOOD_PASSWORDS
        person.password, person.failures = str(fact.password), 0
        person.is_locked = person.is_expired = False
        session = standing.session
        standing.forget()
        standing.session = session
        standing.proofs = [Proof("okta_password", self.now)]

    def is_recovered(self, standing: Standing) -> None:
        assert standing.recovered & {"okta_email", "phone_number"}, "nothing was recovered by"
        if self.asked.asks_question:
            assert "security_question" in standing.recovered, "the question was not asked"

    def prove(self, standing: Standing, fact: Fact) -> None:
        person = standing.person
        assert person is not None
        if fact.key is None:
            return
        if fact.step >= 0:
            person.used_step = fact.step
        standing.sent = None if fact.key != "okta_password" else standing.sent
        if standing.recovers or standing.unlocks:
            standing.recovered.add(fact.key)
            return
        person.failures = 0
        standing.proofs.append(Proof(fact.key, self.now))

    def enroll(self, standing: Standing, fact: Fact) -> None:
        """What is enrolled is proved; who could prove more than they did may not get there."""
        person = standing.person
        assert person is not None
        if fact.key is None or fact.key in person.keys or fact.key not in self.keys_of(person):
            return  # nothing was proved, or the other browser was faster
        assert judge.may_enroll(self.asked, person, standing, self.now), standing
        person.keys.add(fact.key)
        if fact.secret is not None:
            person.secrets[fact.key] = fact.secret
        if fact.step >= 0:
            person.used_step = fact.step
        standing.proofs.append(Proof(fact.key, self.now))

    def note(self, standing: Standing) -> None:
        """See what was sent, and what the screen promises."""
        self.screens.append(standing.screen)
        document = standing.document
        self.note_sent(standing)
        whose = document.get("user", {}).get("value", {}).get("identifier")
        if whose is not None and standing.person is not None:
            assert whose == standing.person.login
        if standing.screen == "reset-authenticator":
            self.is_recovered(standing)
        if standing.screen == "SUCCESS":
            self.finish(standing)
        elif standing.screen == "OVER":
            self.end_unlocked(standing)

    def note_sent(self, standing: Standing) -> None:
        reply = self.client.send("GET", "/_mock/outbox")
        messages = json.loads(reply.body)["messages"]
        new, self.seen = messages[self.seen :], len(messages)
        for message in new:
            if message.get("passcode"):
                standing.earlier += [standing.sent[0]] if standing.sent else []
                key = "okta_email" if message["channel"] == "email" else "phone_number"
                standing.sent = (message["passcode"], self.now, key)
                standing.link = message.get("link")
        if any(message["channel"] == "push" for message in new):
            pushes = json.loads(self.client.send("GET", "/_mock/push").body)["pushes"]
            for push in pushes:
                if push["id"] not in self.pushes:
                    standing.push = push["id"]
            self.pushes |= {push["id"] for push in pushes}

    def end_unlocked(self, standing: Standing) -> None:
        keys = [each["i18n"]["key"] for each in standing.document["messages"]["value"]]
        if "oie.selfservice.unlock_user.success.message" in keys:
            assert standing.unlocks, "nobody asked for it"
            assert standing.recovered & {"okta_email", "phone_number"}, "unlocked by nothing"
            assert standing.person is not None
            standing.person.is_locked, standing.person.failures = False, 0

    def finish(self, standing: Standing) -> None:
        """A code has to be earned, and is for the one who earned it, once."""
        person = standing.person
        assert person is not None
        may = judge.may_sign_in(self.asked, person, standing, self.now)
        assert may, (self.asked, person, standing.proofs, standing.earlier_proofs)
        self.signed_in.append(person.name)
        if standing not in self.over:
            self.over.append(standing)

    def redeem(self, standing: Standing, verifier: str) -> Reply:
        """Redeem the code of a sign-in; twice is once too often."""
        fields = standing.document["successWithInteractionCode"]["value"]
        code = next(each["value"] for each in fields if each["name"] == "interaction_code")
        form = {
            "grant_type": "interaction_code",
            "interaction_code": code,
            "client_id": SPA,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        }
        path = "/oauth2/default/v1/token"
        reply = self.send(None, "POST", path, FORM, urlencode(form))
        if reply.status == 200:
            assert verifier == VERIFIER
            assert not standing.is_used, "a code was redeemed twice"
            assert standing.person is not None
            token = json.loads(reply.body)["access_token"]
            told = self.client.send(
                "GET", "/oauth2/default/v1/userinfo", [("Authorization", f"Bearer {token}")]
            )
            assert json.loads(told.body)["sub"] == self.kept(standing.person)["id"]
            standing.is_used = True
        return reply

    def kept(self, person: Person) -> dict[str, Any]:
        """The user as the org has them."""
        users = json.loads(self.client.send("GET", "/_mock/org").body)["users"]
        return next(each for each in users if each["login"] == person.login)

    def keys_of(self, person: Person) -> set[str]:
        """What the org has of the user's authenticators."""
        return {judge.KEYS.get(each["factor"], "") for each in self.kept(person)["factors"]}

    def into_session(self, standing: Standing, browser: int) -> None:
        """Take a sign-in that succeeded to where sessions begin; the first alone gets one."""
        token = standing.handle.partition("~")[0]
        path = f"/login/token/redirect?stateToken={token}"
        before = self.cookies[browser].get("idx", "")
        reply = self.send(browser, "GET", path, FORM)
        if reply.status != 302:
            return
        is_first = standing.screen == "SUCCESS" and standing in self.over
        assert is_first, f"a session began at {standing.screen}"
        self.over.remove(standing)
        self.slots = [None if each is standing else each for each in self.slots]
        person, id_ = standing.person, self.cookies[browser].get("idx", "")
        assert person is not None
        assert re.search("[?&]interaction_code=", reply.location or "")
        kept = self.sessions.get(before)
        if kept is not None and id_ == before:
            assert kept is standing.session, "a session was lifted that it is not about"
            kept.proofs += standing.proofs
            return
        assert judge.org_is_content(self.asked, {each.key for each in standing.proofs}), (
            "a session began for somebody who proved less than the org asks",
            standing.proofs,
        )
        self.sessions[id_] = Session(person, list(standing.proofs))

    def sign_out(self, browser: int) -> None:
        session = self.sessions.get(self.cookies[browser].get("idx", ""))
        self.send(browser, "DELETE", "/api/v1/sessions/me", JSON)
        if session is not None:
            session.is_over = True

    def authorize(self, browser: int) -> bool:
        """Ask for a code by the session alone; return whether there is one."""
        query = {
            "client_id": SPA,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": CALLBACK,
            "state": "state-1",
            "nonce": "nonce-1",
            "prompt": "none",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        path = f"/oauth2/default/v1/authorize?{urlencode(query)}"
        reply = self.send(browser, "GET", path, FORM)
        if "code" not in reply.returned:
            return False
        session = self.sessions.get(self.cookies[browser].get("idx", ""))
        assert session is not None
        assert not session.is_over
        assert judge.has_proved_enough(self.asked, [], session.proofs, self.now), session
        return True

    def open_link(self, standing: Standing, link: str, browser: int) -> None:
        """Open an e-mail's link; in the browser that signs in, it proves the address."""
        before = standing.screen, standing.current.get("key")
        is_sent = standing.sent is not None and self.now < standing.sent[1] + PASSCODE_LIFETIME
        is_right = link == standing.link and is_sent and browser == standing.browser
        self.send(browser, "GET", urlsplit(link).path, FORM)
        reply = self.send(
            standing.browser,
            "POST",
            "/idp/idx/introspect",
            JSON,
            json.dumps({"stateHandle": standing.handle}),
        )
        if reply.status != 200:
            return
        standing.document = self.read(reply)
        if (standing.screen, standing.current.get("key")) != before:
            assert is_right, "a link moved a sign-in that it was not for"
            takes = self.enroll if before[0] == "enroll-authenticator" else self.prove
            takes(standing, Fact(key="okta_email"))
            self.note(standing)

    def answer_push(self, push: str, answer: str) -> None:
        """Answer in the device's place."""
        body = json.dumps({"answer": answer})
        reply = self.client.send("POST", f"/_mock/push/{push}", [JSON], body.encode())
        if reply.status == 200 and reply.json()["answer"] == "APPROVED":
            self.approved.add(push)

    def stands_where_it_did(self, standing: Standing) -> None:
        """Whatever was refused changed nothing; what was done in the other browser may have."""
        asked = json.dumps({"stateHandle": standing.handle})
        reply = self.send(standing.browser, "POST", "/idp/idx/introspect", JSON, asked)
        document = self.read(reply)
        if reply.status != 200:
            assert "remediation" not in document  # it has expired, or the user was locked out
            return
        self.may_have_moved(standing, document)

    def may_have_moved(self, standing: Standing, document: dict[str, Any]) -> None:
        """What is not due any more gives way: the other browser has done it."""
        before, standing.document = standing.screen, document
        if standing.screen != before:
            assert before in _PROVING | _ENROLLING, f"{before} became {standing.screen}"
            assert standing.screen in _GOING_ON, f"{before} became {standing.screen}"
            self.note(standing)


def _is_of_nobody(name: str, document: dict[str, Any]) -> bool:
    """Whether nobody has the name whose account was to be recovered, which is said with a 200."""
    asks_name = name in ("identify-recovery", "select-authenticator-unlock-account")
    said = document.get("messages", {}).get("value", [])
    return asks_name and "idx.unknown.user" in [each["i18n"]["key"] for each in said]

"""What each form of the Identity Engine is filled with on a random walk, rightly or wrongly."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pyotp

from tests.fuzz import idx_people
from tests.fuzz.idx_people import GOOD_PASSWORDS, PHONE_NUMBER, Person, Standing
from tests.fuzz.idx_walking import PASSCODE_LIFETIME, Fact, Walker
from tests.visiting import PASSWORD

PEOPLE = tuple(idx_people.people())
WRONG = "Not-The-Pass-1"


class Step(NamedTuple):
    """One thing that is done; which one it is depends on where the slot's transaction stands."""

    slot: int
    act: str
    pick: int
    kind: str


def someone(walker: Walker, step: Step) -> Person:
    """Anybody; or who signs in in the other browser: what happens to one must not help there."""
    other = walker.slots[1 - step.slot]
    if other is not None and other.person is not None and step.pick % 2:
        return other.person
    return walker.everybody[PEOPLE[step.pick // 2 % len(PEOPLE)]]


Filled = tuple[dict[str, Any], Fact]


def nothing(_: Walker, __: Standing, ___: Step) -> Filled:
    return {}, Fact()


def identify(walker: Walker, _: Standing, step: Step) -> Filled:
    person = someone(walker, step)
    if step.pick % 5 == 0:
        return {"identifier": person.login}, Fact(person)
    given = {"wrong": WRONG, "stale": PASSWORD, "foreign": WRONG}.get(step.kind, person.password)
    is_right = given == person.password and not person.is_locked
    fact = Fact(person, "okta_password" if is_right else None)
    return {"identifier": person.login, "credentials": {"passcode": given}}, fact


def only_name(walker: Walker, _: Standing, step: Step) -> Filled:
    person = someone(walker, step)
    return {"identifier": person.login}, Fact(person)


def chosen(standing: Standing, step: Step) -> dict[str, Any]:
    """One of the authenticators that may be chosen; constants, and a method where there are."""
    forms = [f for f in standing.forms if f["name"].startswith("select-authenticator")]
    (field,) = (f for f in forms[0]["value"] if f["name"] == "authenticator")
    options = field["options"]
    fields = options[step.pick // 3 % len(options)]["value"]["form"]["value"]
    given = {each["name"]: each["value"] for each in fields if "value" in each}
    if step.pick % 3:
        for each in fields:
            if "options" in each:
                given[each["name"]] = each["options"][step.pick % len(each["options"])]["value"]
    if step.kind == "foreign":
        given["id"] = "autNoSuchThing000000"
    return given


def select(_: Walker, standing: Standing, step: Step) -> Filled:
    return {"authenticator": chosen(standing, step)}, Fact()


def select_to_enroll(_: Walker, standing: Standing, step: Step) -> Filled:
    given = chosen(standing, step)
    if "methodType" in given and step.pick % 2:
        given["phoneNumber"] = PHONE_NUMBER
    return {"authenticator": given}, Fact()


def unlock(walker: Walker, standing: Standing, step: Step) -> Filled:
    person = someone(walker, step)
    locked = [each for each in walker.everybody.values() if each.is_locked]
    person = locked[0] if locked and step.pick % 2 else person
    return {"identifier": person.login, "authenticator": chosen(standing, step)}, Fact(person)


def by_method(_: Walker, standing: Standing, step: Step) -> Filled:
    form = next(f for f in standing.forms if f["name"].startswith("authenticator-"))
    fields = form["value"][0]["form"]["value"]
    given = {each["name"]: each["value"] for each in fields if "value" in each}
    methods = next(each["options"] for each in fields if each["name"] == "methodType")
    method = methods[step.pick % len(methods)]["value"] if step.kind != "foreign" else "voice"
    if any(each["name"] == "phoneNumber" for each in fields):
        given["phoneNumber"] = PHONE_NUMBER if step.kind == "right" else "1"
    return {"authenticator": given | {"methodType": method}}, Fact()


def channel(_: Walker, standing: Standing, step: Step) -> Filled:
    form = next(f for f in standing.forms if f["name"] == "select-enrollment-channel")
    fields = form["value"][0]["value"]["form"]["value"]
    given = {each["name"]: each["value"] for each in fields if "value" in each}
    return {"authenticator": given | {"channel": ("qrcode", "email", "sms")[step.pick % 3]}}, Fact()


def proof(walker: Walker, standing: Standing, step: Step) -> Filled:
    """What proves the authenticator; or something else that once did, or does elsewhere."""
    person, key = standing.person, standing.current.get("key", "")
    if person is None:
        return {"credentials": {"passcode": "123123"}}, Fact()
    if key == "okta_password":
        given = WRONG if step.kind in ("wrong", "foreign") else person.password
        given = PASSWORD if step.kind == "stale" else given
        is_right = given == person.password
        return {"credentials": {"passcode": given}}, Fact(key=key if is_right else None)
    if key == "security_question":
        return answer(standing, person, step)
    if key in ("google_otp", "okta_verify"):
        return by_app(walker, person, key, step)
    return {"credentials": {"passcode": sent(walker, standing, step)}}, Fact(
        key=key if is_sent(walker, standing, sent(walker, standing, step), key) else None
    )


def answer(standing: Standing, person: Person, step: Step) -> Filled:
    right = "Beetroot" if standing.recovers else person.secrets["security_question"]
    fields = standing.forms[0]["value"][0].get("form", {}).get("value", [])
    asked = [each["value"] for each in fields if each["name"] == "questionKey"]
    given = right if step.kind == "right" else "cabbage"
    fact = Fact(key="security_question" if step.kind == "right" else None)
    return {"credentials": {"questionKey": (asked or ["custom"])[0], "answer": given}}, fact


def by_app(walker: Walker, person: Person, key: str, step: Step) -> Filled:
    behind = timedelta(minutes=2 if step.kind in ("wrong", "stale") else 0)
    passcode = pyotp.TOTP(person.secrets["google_otp"]).at(walker.now - behind)
    if key == "okta_verify":  # its secret is in the device
        return {"credentials": {"totp": "123123"}}, Fact()
    found = person.step_of(passcode, walker.now)
    return {"credentials": {"passcode": passcode}}, Fact(
        key=key if found >= 0 else None, step=found
    )


def sent(walker: Walker, standing: Standing, step: Step) -> str:
    """A passcode: the last that was sent, an earlier one, or that of the other browser."""
    other = walker.slots[1 - step.slot]
    found = {
        "right": standing.sent and standing.sent[0],
        "stale": next(iter(standing.earlier), None),
        "foreign": other.sent[0] if other is not None and other.sent is not None else None,
    }.get(step.kind)
    return str(found or "123123")


def is_sent(walker: Walker, standing: Standing, passcode: str, key: str) -> bool:
    if standing.sent is None:
        return False
    code, at, sent_by = standing.sent
    return (passcode, key) == (code, sent_by) and walker.now < at + PASSCODE_LIFETIME


def pushed(walker: Walker, standing: Standing, step: Step) -> Filled:
    """Answer the push, or not, before it is asked for."""
    other = walker.slots[1 - step.slot]
    push = other.push if step.kind == "foreign" and other is not None else standing.push
    if push is not None and step.pick % 4:
        walker.answer_push(push, "deny" if step.kind == "wrong" else "approve")
    return {}, Fact(key="okta_verify" if standing.push in walker.approved else None)


def new_password(_: Walker, standing: Standing, step: Step) -> Filled:
    new = GOOD_PASSWORDS[step.pick % 2] if step.kind == "right" else "short"
    more = {"revokeSessions": False} if standing.screen == "reset-authenticator" else {}
    return {"credentials": {"passcode": new} | more}, Fact(password=new)


def enrolling(walker: Walker, standing: Standing, step: Step) -> Filled:
    """What shows that the new authenticator works."""
    key = standing.current.get("key", "")
    if key == "security_question":
        given = {"questionKey": "disliked_food", "answer": "turnips"}
        is_right = step.kind == "right"
        secret = "turnips" if is_right else None
        given = given if is_right else {"questionKey": "disliked_food", "answer": "x"}
        return {"credentials": given}, Fact(key=key if is_right else None, secret=secret)
    if key == "google_otp":
        secret = standing.current["contextualData"]["sharedSecret"]
        passcode = pyotp.TOTP(secret).at(walker.now) if step.kind == "right" else "123123"
        at = int(walker.now.timestamp()) // 30
        fact = Fact(key=key, secret=secret, step=at) if step.kind == "right" else Fact()
        return {"credentials": {"passcode": passcode}}, fact
    passcode = sent(walker, standing, step)
    is_right = is_sent(walker, standing, passcode, key)
    return {"credentials": {"passcode": passcode}}, Fact(key=key if is_right else None)


def setting_up(walker: Walker, _: Standing, step: Step) -> Filled:
    """Scan the code of Okta Verify, or not."""
    pushes = json.loads(walker.client.send("GET", "/_mock/push").body)["pushes"]
    new = [each["id"] for each in pushes if each["id"] not in walker.pushes]
    if new and step.kind in ("right", "wrong"):
        walker.answer_push(new[-1], "approve" if step.kind == "right" else "deny")
    is_right = bool(new) and new[-1] in walker.approved
    return {}, Fact(key="okta_verify" if is_right else None)


FILLED: dict[str, Callable[[Walker, Standing, Step], Filled]] = {
    "identify": identify,
    "identify-recovery": only_name,
    "select-authenticator-authenticate": select,
    "select-authenticator-unlock-account": unlock,
    "select-authenticator-enroll": select_to_enroll,
    "authenticator-verification-data": by_method,
    "authenticator-enrollment-data": by_method,
    "select-enrollment-channel": channel,
    "enrollment-channel-data": lambda *_: ({"email": "a@b.c", "phoneNumber": PHONE_NUMBER}, Fact()),
    "challenge-authenticator": proof,
    "challenge-poll": pushed,
    "enroll-authenticator": enrolling,
    "enroll-poll": setting_up,
    "reset-authenticator": new_password,
    "reenroll-authenticator": new_password,
    "reenroll-authenticator-warning": new_password,
}

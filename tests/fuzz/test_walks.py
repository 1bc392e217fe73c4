"""Random walks through `/api/v1/authn`: none leaves the table, or ends signed in unproved."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.authn.operations import Operation
from tests.authn.cells import SUCCESSORS
from tests.fuzz.inputs import EXAMPLES, FUZZED
from tests.fuzz.judging import PASSWORD_FACTOR, REMEMBER, kind_of, path_of, shared_secret
from tests.fuzz.people import ATTEMPTS, PEOPLE_SEED, SECRET, TOTP, Person, Standing, people
from tests.fuzz.walking import Walker
from tests.fuzz.wire import Client
from tests.visiting import PASSWORD

WALKS = settings(FUZZED, max_examples=max(EXAMPLES, 1000))
PEOPLE = tuple(people())
NEW_PASSWORDS = ("Other-Pass-2", "Third-Pass-3")
PROVING = (Operation.VERIFY, Operation.ACTIVATE, Operation.VERIFY_RECOVERY)
WAITS = (timedelta(seconds=31), timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=61))


class Step(NamedTuple):
    """One thing that is done; which one it is depends on where the slot's transaction stands."""

    slot: int
    act: str
    pick: int
    kind: str
    odd: Any


# Each as often as it stands here; without a transaction in the slot, one is begun.
ACTS = (
    *["go"] * 12, "any", "begin", "name", "name", "authorize", "authorize", "recover", "redeem",
    "dead", "wait", "hammer",
)  # fmt: skip
DEVICES = ("device-1", "device-2", None)
KINDS = (*["right"] * 9, "wrong", "wrong", "stale", "foreign", "odd")
ODD = (
    None,
    True,
    0,
    -1.5,
    "",
    "\x00",
    "\u00e9" * 99,
    [],
    ["123123"],
    {},
    {"answer": {}},
    "9" * 5000,
)


def step_of(number: int) -> Step:
    """One number is all that is drawn for a step: walks are long, and drawing is slow."""
    number, slot = divmod(number, 2)
    number, act = divmod(number, len(ACTS))
    number, kind = divmod(number, len(KINDS))
    odd, pick = divmod(number, 100)
    return Step(slot, ACTS[act], pick, KINDS[kind], ODD[odd])


STEPS = 2 * len(ACTS) * len(KINDS) * 100 * len(ODD)
walks = st.lists(st.integers(0, STEPS - 1).map(step_of), min_size=8, max_size=18)


@pytest.fixture(scope="module")
def walked(shared_pool: KeyPool) -> Iterator[tuple[MockOkta, Client]]:
    with MockOkta(Config(seed=PEOPLE_SEED, engine="classic"), key_pool=shared_pool) as org:
        org.clock.freeze()
        client = Client(org.url)
        assert client.send("PUT", "/_mock/snapshots/before").status == 200
        yield org, client
        client.close()


@pytest.fixture
def begins(walked: tuple[MockOkta, Client]) -> Callable[[], Walker]:
    """Begin a walk: everybody is as they were."""

    def restored() -> Walker:
        org, client = walked
        assert client.send("POST", "/_mock/snapshots/before/restore").status == 204
        return Walker(org, client)

    return restored


def take(walker: Walker, step: Step) -> None:
    """Do what the step says, as far as it can be done."""
    standing = walker.slots[step.slot]
    person = someone(walker, step)
    rest = step.pick // len(PEOPLE)
    walker.device = DEVICES[step.pick % len(DEVICES)]
    match step.act:
        case "hammer":
            for _ in range(ATTEMPTS):
                walker.begin(step.slot, person, "Not-The-Pass-1", {})
        case "wait":
            walker.wait(WAITS[step.pick % len(WAITS)])
        case "go" if standing is None and rest % 3 == 0:
            walker.recover(step.slot, person, "SMS", unlocks=person.status == "LOCKED_OUT")
        case "authorize" if walker.sessions:
            authorize(walker, step)
        case "recover":
            factor = ("SMS", "EMAIL")[rest % 2]
            unlocks = person.status == "LOCKED_OUT" and step.kind != "foreign"
            walker.recover(step.slot, person, factor, unlocks=unlocks)
        case "redeem" if walker.links or step.kind != "right":
            known = [*walker.links, *walker.used_links, "no-such-token"]
            walker.redeem(step.slot, known[step.pick % len(known)])
        case "dead" if walker.dead and standing is not None:
            operation = tuple(Operation)[step.pick % len(Operation)]
            path, body = request(walker, standing, operation, step)
            walker.send_dead(path, body, walker.dead[step.pick % len(walker.dead)])
        case "go" | "any" if standing is not None:
            path, body = request(walker, standing, chosen(standing, step), step)
            walker.operate(chosen(standing, step), standing, path, body)
        case _:
            begin(walker, step, person)


def begin(walker: Walker, step: Step, person: Person) -> None:
    """Begin a sign-in, with the password or with only the name."""
    if step.act == "name":
        may = [each for each in walker.everybody.values() if each.may_begin_without_password]
        is_any = step.pick % 3 == 0 or not may
        walker.begin_by_name(step.slot, person if is_any else may[step.pick % len(may)])
    else:
        options = {"warnBeforePasswordExpired": step.pick // len(PEOPLE) % 2 == 0}
        walker.begin(step.slot, person, password(walker, person.name, step), options)


def authorize(walker: Walker, step: Step) -> None:
    """Take somebody's session to an app that asks for a factor; by its token, at first."""
    token, session = list(walker.sessions.items())[step.pick % len(walker.sessions)]
    once = None if session.cookie and step.kind != "stale" else token
    walker.authorize(step.slot, session, once, anew=step.kind in ("wrong", "foreign"))


def someone(walker: Walker, step: Step) -> Person:
    """Anybody; or whose transactions there are: what happens to one must not help the other."""
    near = walker.slots[step.slot if step.act == "hammer" else 1 - step.slot]
    is_same = step.act == "hammer" or step.pick % 3 == 0
    if near is not None and is_same:
        return near.person
    return walker.everybody[PEOPLE[step.pick % len(PEOPLE)]]


def chosen(standing: Standing, step: Step) -> Operation:
    """An operation that leads on; else any that there is."""
    if step.act == "any":
        return tuple(Operation)[step.pick % len(Operation)]
    if standing.status == "UNAUTHENTICATED" and standing.factors and step.pick % 4:
        return Operation.VERIFY
    leading = [
        operation
        for status, operation in SUCCESSORS
        if status == standing.status and operation not in (Operation.INTROSPECT, Operation.CANCEL)
    ]
    return (leading or [Operation.INTROSPECT])[step.pick % max(len(leading), 1)]


def password(walker: Walker, name: str, step: Step) -> str:
    other = "Not-The-Pass-1"
    return {"right": walker.everybody[name].password, "stale": PASSWORD}.get(step.kind, other)


def request(
    walker: Walker, standing: Standing, operation: Operation, step: Step
) -> tuple[str, dict[str, Any]]:
    """The path and body of an operation; right, or wrong in the way that the step says."""
    factors = [each for each in standing.factors if "id" in each]
    factor = factors[step.pick % len(factors)] if factors else {}
    if step.kind == "foreign" and step.pick % 2:
        factor = next((each for each in others(walker, step) if "id" in each), factor)
    path = path_of(operation, factor.get("id", "mbl0000000000000000"))
    if operation is Operation.VERIFY and step.pick % 2:
        path += REMEMBER
    body = body_of(walker, standing, operation, factor, step)
    if step.kind == "odd" and body:
        body[sorted(body)[step.pick % len(body)]] = step.odd
    return path, body


def others(walker: Walker, step: Step) -> list[dict[str, Any]]:
    other = walker.slots[1 - step.slot]
    return [] if other is None else other.factors


def body_of(
    walker: Walker, standing: Standing, operation: Operation, factor: Any, step: Step
) -> dict[str, Any]:
    if operation in PROVING:
        return proof(walker, standing, factor, step)
    if operation is Operation.ENROLL:
        return enrolling(standing, step)
    new = NEW_PASSWORDS[step.pick % 2]
    known = password(walker, standing.person.name, step)
    answer = "beetroot" if step.kind == "right" else "cabbage"
    bodies = {
        Operation.AUTHENTICATE: authenticating(walker, standing, step),
        Operation.CHANGE_PASSWORD: {"oldPassword": known, "newPassword": new},
        Operation.RESET_PASSWORD: {"newPassword": new},
        Operation.ANSWER: {"answer": answer} | ({"newPassword": new} if step.pick % 3 == 0 else {}),
    }
    return bodies.get(operation, {})


def authenticating(walker: Walker, standing: Standing, step: Step) -> dict[str, Any]:
    """Sign in as the same user or another; with the password or with only the name."""
    other = walker.everybody[PEOPLE[step.pick % len(PEOPLE)]]
    person = other if step.pick % 3 == 0 else standing.person
    by_name = {"username": person.login}
    return by_name if step.pick % 2 else by_name | {"password": password(walker, person.name, step)}


def enrolling(standing: Standing, step: Step) -> dict[str, Any]:
    """Enrol one of the factors that are offered, or one that is not."""
    offers = standing.factors or [{"factorType": "sms", "provider": "OKTA"}]
    offer = offers[step.pick % len(offers)]
    kind = "call" if step.kind == "wrong" else offer["factorType"]
    profiles = {
        "sms": {"phoneNumber": "+14155550199"},
        "question": {"question": "disliked_food", "answer": "turnips"},
    }
    return {"factorType": kind, "provider": offer["provider"], "profile": profiles.get(kind, {})}


def proof(walker: Walker, standing: Standing, factor: Any, step: Step) -> dict[str, Any]:
    """What proves a factor; or something else that once did, or does elsewhere."""
    kind = kind_of(factor)
    other = walker.slots[1 - step.slot]
    sent = {
        "right": standing.sent,
        "stale": next(iter(standing.earlier), None),
        "foreign": other.sent if other is not None else None,
    }.get(step.kind, "123123")
    if kind == PASSWORD_FACTOR:
        return {"password": password(walker, standing.person.name, step)}
    if kind == "push OKTA":
        if sent is not None and step.pick % 5:
            walker.answer_push(sent, "deny" if step.kind == "wrong" else "approve")
        return {}
    if kind.startswith("question"):
        right = standing.person.factors.get(kind) or ""
        return {"answer": right if step.kind == "right" else "cabbage"}
    if kind.startswith(TOTP):
        known = standing.person.factors.get(kind)
        secret = shared_secret(factor) or known or SECRET
        behind = timedelta(minutes=2 if step.kind in ("wrong", "stale") else 0)
        secret = SECRET if step.kind == "foreign" else secret
        return {"passCode": pyotp.TOTP(secret).at(walker.now - behind)}
    return {"passCode": sent or ""}


# A thousand walks take twenty seconds of CPU: too long for the quick tier.
@pytest.mark.slow
@WALKS
@given(walk=walks)
def test_no_walk_leaves_the_table_or_ends_signed_in_unproved(
    begins: Callable[[], Walker], walk: list[Step]
) -> None:
    walker = begins()
    for slot, step in enumerate(walk[:2]):
        act = ("begin", "name")[step.pick % 2]
        take(walker, step._replace(slot=slot, act=act, kind="right"))
    for step in walk[2:]:
        take(walker, step)
    for standing in walker.slots:
        if standing is not None:
            walker.stands_where_it_did(standing)


GOOD_WAYS = {
    "plain": [],
    "strong": ["verify"],
    "phone": ["verify", "verify"],
    "any": [],
    "two": ["verify", "verify"],
    "any_expired": ["changePassword"],
    "any_bare": [],
    "expired": ["verify", "changePassword"],
    "bare": ["enroll", "activate"],
    "required": ["enroll"],
    "offered": ["skip"],
    "warned": ["skip"],
    "forgetful": [],
    "locked": None,
    "suspended": None,
    "denied": None,
}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_user_who_proves_everything_is_signed_in(begins: Callable[[], Walker], name: str) -> None:
    """Both the walks' model and the org let them in, so that walks get to the end."""
    walker, pick = begins(), PEOPLE.index(name)
    take(walker, Step(0, "begin", pick, "right", None))
    for operation in GOOD_WAYS[name] or []:
        standing = walker.slots[0]
        assert standing is not None
        path, body = request(walker, standing, Operation(operation), Step(0, "go", 0, "right", 0))
        walker.operate(Operation(operation), standing, path, body)
    assert walker.signed_in == ([] if GOOD_WAYS[name] is None else [name])


def test_the_model_locks_the_users_whom_the_org_locks(begins: Callable[[], Walker]) -> None:
    walker, pick = begins(), PEOPLE.index("plain")
    for _ in range(ATTEMPTS):
        take(walker, Step(0, "begin", pick, "wrong", None))
    assert walker.everybody["plain"].status == "LOCKED_OUT"
    take(walker, Step(0, "begin", pick, "right", None))
    take(walker, Step(0, "recover", pick, "right", None))
    standing = walker.slots[0]
    assert standing is not None
    body = {"passCode": standing.sent}
    path = path_of(Operation.VERIFY_RECOVERY, "")
    walker.operate(Operation.VERIFY_RECOVERY, standing, path, body)
    take(walker, Step(0, "begin", pick, "right", None))
    assert walker.signed_in == ["plain"]


def go(walker: Walker, operation: str, pick: int = 0) -> None:
    """Do it right, in the first slot."""
    standing = walker.slots[0]
    assert standing is not None, operation
    path, body = request(walker, standing, Operation(operation), Step(0, "go", pick, "right", 0))
    walker.operate(Operation(operation), standing, path, body)


def test_a_step_up_ends_with_a_code(begins: Callable[[], Walker]) -> None:
    walker = begins()
    take(walker, Step(0, "begin", PEOPLE.index("any"), "right", None))
    take(walker, Step(0, "authorize", 0, "right", None))
    go(walker, "verify")
    assert walker.stepped_up == ["any"]
    walker.wait(timedelta(seconds=31))
    take(walker, Step(0, "authorize", 0, "foreign", None))  # signs in anew
    go(walker, "authenticate", pick=2)
    go(walker, "verify")
    assert walker.stepped_up == ["any", "any"]


@pytest.mark.parametrize(
    ("name", "operations", "expected"),
    [("any", ["verify"], True), ("two", ["verify"] * 3, True), ("strong", ["verify"], False)],
)
def test_a_user_who_gives_a_name_alone_proves_the_rest(
    begins: Callable[[], Walker], name: str, operations: list[str], *, expected: bool
) -> None:
    walker = begins()
    walker.begin_by_name(0, walker.everybody[name])
    for operation in operations:
        go(walker, operation)
    assert walker.signed_in == [name] * expected


def test_a_device_that_is_remembered_stands_for_the_second_proof(
    begins: Callable[[], Walker],
) -> None:
    walker = begins()
    walker.device = DEVICES[0]
    person = walker.everybody["phone"]
    walker.begin(0, person, person.password, {})
    go(walker, "verify", pick=1)
    go(walker, "verify", pick=1)
    walker.begin(0, person, person.password, {})
    assert walker.signed_in == ["phone", "phone"]
    walker.device = DEVICES[1]
    walker.begin(0, person, person.password, {})
    assert walker.signed_in == ["phone", "phone"]

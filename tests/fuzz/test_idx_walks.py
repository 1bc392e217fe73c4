"""Random walks through `/idp/idx/*`: none leaves the table, or ends signed in unproved."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_okta import Config, KeyPool, MockOkta, Seed
from tests.fuzz import idx_people
from tests.fuzz.idx_filling import FILLED, PEOPLE, Step, nothing
from tests.fuzz.idx_people import APPS, Asked, Standing
from tests.fuzz.idx_walking import JSON, Fact, Walker
from tests.fuzz.inputs import EXAMPLES, FUZZED
from tests.fuzz.wire import Client
from tests.visiting import PASSWORD, VERIFIER

# A thousand walks take a minute of CPU: too long for the quick tier.
pytestmark = pytest.mark.slow
WALKS = settings(FUZZED, max_examples=max(EXAMPLES, 1000))
WAITS = (timedelta(seconds=31), timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=61))


# Each as often as it stands here; without a transaction in the slot, one is begun.
ACTS = (
    *["first"] * 14, *["any"] * 4, *["finish"] * 3, "begin", "session", "authorize", "sign out",
    "link", "wait", "strange", "look", "hammer", "recover",
)  # fmt: skip
KINDS = (*["right"] * 10, "wrong", "stale", "foreign", "odd")
ODD = (None, True, 0, -1.5, "", "\x00", "\u00e9" * 99, [], ["123123"], {}, {"a": {}}, "9" * 5000)
STEPS = 2 * len(ACTS) * len(KINDS) * 840
PATHS = (
    "challenge/answer", "challenge", "challenge/poll", "challenge/resend", "challenge/send",
    "authenticators/poll", "credential/enroll", "skip", "recover", "consent", "enroll/new",
    "unlock-account", "redirect-idp",
)  # fmt: skip


def step_of(number: int) -> Step:
    """One number is all that is drawn for a step: walks are long, and drawing is slow."""
    number, slot = divmod(number, 2)
    number, act = divmod(number, len(ACTS))
    pick, kind = divmod(number, len(KINDS))
    return Step(slot, ACTS[act], pick, KINDS[kind])


walks = st.lists(st.integers(0, STEPS - 1).map(step_of), min_size=8, max_size=14)
enrolled = st.sampled_from(
    (*[()] * 4, ("okta_question",), ("google_otp",), ("okta_email", "okta_sms"), ("okta_sms",))
)
policies = st.builds(
    Asked,
    passwordless=st.booleans(),
    two=st.booleans(),
    app=st.sampled_from(APPS),
    required=enrolled,
    optional=st.sampled_from(((), (), (), ("okta_push",))),
    recovers=st.sampled_from((("EMAIL", "SMS"), ("EMAIL",), ())),
    asks_question=st.booleans(),
)


@pytest.fixture(scope="module")
def walked(shared_pool: KeyPool) -> Iterator[tuple[MockOkta, Client]]:
    seed = msgspec.convert(idx_people.seed(), Seed)
    with MockOkta(Config(seed=seed), key_pool=shared_pool) as org:
        org.clock.freeze()
        client = Client(org.url)
        assert client.send("PUT", "/_mock/snapshots/before").status == 200
        yield org, client
        client.close()


@pytest.fixture
def begins(walked: tuple[MockOkta, Client]) -> Callable[[Asked], Walker]:
    """Begin a walk: everybody is as they were, and the policies are those that were drawn."""

    def restored(asked: Asked) -> Walker:
        org, client = walked
        assert client.send("POST", "/_mock/snapshots/before/restore").status == 204
        reply = client.send("PUT", "/_mock/seed", [JSON], json.dumps(asked.seed).encode())
        assert reply.status == 200, reply.body
        return Walker(org, client, asked)

    return restored


def take(walker: Walker, step: Step) -> None:
    """Do what the step says, as far as it can be done."""
    standing = walker.slots[step.slot]
    match step.act:
        case "wait":
            walker.org.clock.advance(WAITS[step.pick % len(WAITS)])
        case "sign out":
            walker.sign_out(step.slot)
        case "authorize":
            walker.authorize(step.slot)
        case "finish" if walker.over:
            finish(walker, step)
        case "recover":
            recover(walker, step)
        case "session":
            more = {0: {"prompt": "login"}, 1: {"max_age": "60"}}.get(step.pick % 4, {})
            walker.begin(step.slot, uses_session=True, **more)
        case _ if standing is not None and step.act != "begin":
            go_on(walker, standing, step)
        case _:
            walker.begin(step.slot, uses_session=step.pick % 2 == 0)


def go_on(walker: Walker, standing: Standing, step: Step) -> None:
    """Do it in the transaction of the slot; begin anew where there is nothing to be done."""
    match step.act:
        case "look":
            walker.stands_where_it_did(standing)
        case "link" if standing.link is not None:
            browser = step.slot if step.pick % 3 else 1 - step.slot
            walker.open_link(standing, standing.link, browser)
        case "strange":
            strange(walker, standing, step)
        case "hammer" if standing.screen == "identify":
            for _ in range(idx_people.ATTEMPTS):
                go(walker, standing, step._replace(kind="wrong"), standing.forms[0])
        case _ if standing.forms:
            forms = standing.forms
            form = forms[step.pick % len(forms)] if step.act == "any" else forms[0]
            go(walker, standing, step, form)
        case _:
            walker.begin(step.slot, uses_session=step.pick % 2 == 0)


def recover(walker: Walker, step: Step) -> None:
    """Begin to recover somebody's password."""
    walker.begin(step.slot, uses_session=False)
    for name in ("recover", "identify-recovery"):
        standing = walker.slots[step.slot]
        form = next((f for f in standing.forms if f["name"] == name), None) if standing else None
        if standing is not None and form is not None:
            go(walker, standing, step, form)


def finish(walker: Walker, step: Step) -> None:
    """Go into a session with what has ended well, or redeem its code; or again what was used."""
    standing = walker.over[step.pick % len(walker.over)]
    browser = standing.browser if step.kind != "foreign" else 1 - standing.browser
    if step.pick % 3 == 0:
        walker.redeem(standing, VERIFIER if step.kind == "right" else VERIFIER[::-1])
    else:
        walker.into_session(standing, browser)


def strange(walker: Walker, standing: Standing, step: Step) -> None:
    """Post to a path that is not offered, or ask for a session too early: nothing comes of it.

    Only a recovery may begin again from any of its screens.
    """
    if step.kind != "right":
        walker.into_session(standing, standing.browser)
        return
    offered = {form["href"].partition("/idp/idx/")[2] for form in standing.forms}
    polls = {"challenge/poll", "authenticators/poll"}
    path = PATHS[step.pick % len(PATHS)]
    if path in offered | polls:
        return
    if (path, True) in (("recover", standing.recovers), ("unlock-account", standing.unlocks)):
        handle = {"name": "stateHandle", "value": standing.handle, "mutable": False}
        begins_again = {"name": path, "href": f"/idp/idx/{path}", "value": [handle]}
        walker.take(standing, begins_again, {}, Fact())
        return
    body = {"stateHandle": standing.handle, "credentials": {"passcode": PASSWORD}}
    before = standing.screen
    reply = walker.send(standing.browser, "POST", f"/idp/idx/{path}", JSON, json.dumps(body))
    if reply.status == 200:
        walker.may_have_moved(standing, walker.read(reply))
        assert standing.screen != before, f"{path} was taken at {before}"
    else:
        assert reply.status in (400, 401, 403), (path, standing.screen, reply.body)
        walker.read(reply)


def go(walker: Walker, standing: Standing, step: Step, form: Any) -> None:
    """Fill in a form, rightly or as the step says, and post it."""
    values, fact = FILLED.get(form["name"], nothing)(walker, standing, step)
    if step.kind == "odd" and values:
        name, odd = sorted(values)[step.pick % len(values)], ODD[step.pick % len(ODD)]
        inner = values[name]
        if isinstance(inner, dict) and inner and step.pick % 2:
            values[name] = inner | dict.fromkeys(inner, odd)
        else:
            values[name] = odd
        fact = Fact(person=fact.person)
    walker.take(standing, form, values, fact)


@WALKS
@given(asked=policies, walk=walks)
def test_no_walk_leaves_the_table_or_ends_signed_in_unproved(
    begins: Callable[[Asked], Walker], asked: Asked, walk: list[Step]
) -> None:
    walker = begins(asked)
    for slot, step in enumerate(walk[:2]):
        walker.begin(slot, uses_session=False)
        act = "recover" if step.pick % 4 == 3 else "first"
        take(walker, step._replace(slot=slot, act=act, kind="right"))
    for step in walk[2:]:
        take(walker, step)
    for standing in walker.slots:
        if standing is not None:
            walker.stands_where_it_did(standing)


def asked(**changes: Any) -> Asked:
    """Policies that ask for the password alone, but for the changes."""
    usual: dict[str, Any] = {
        "passwordless": False,
        "two": False,
        "app": "one",
        "required": (),
        "optional": (),
        "recovers": ("EMAIL",),
        "asks_question": False,
    }
    return Asked(**usual | changes)


def pick_of(person: str) -> int:
    """What makes `identify` choose that person, and give the password too."""
    first = 2 * PEOPLE.index(person)
    return next(each for each in (first, first + 2 * len(PEOPLE)) if each % 5)


def go_right(walker: Walker, *names: str, pick: int = 2) -> Standing:
    """Take the forms of these names one after the other, rightly."""
    standing = walker.slots[0]
    assert standing is not None
    for name in names:
        form = next(form for form in standing.forms if form["name"] == name)
        go(walker, standing, Step(0, "first", pick, "right"), form)
    return standing


def sign_in(walker: Walker, person: str, *names: str, **more: str) -> Standing:
    """Begin as that person, with the password."""
    walker.begin(0, uses_session=bool(more), **more)
    return go_right(walker, "identify", *names, pick=pick_of(person))


CHOOSE, ANSWER = "select-authenticator-authenticate", "challenge-authenticator"
ENROLL, WORKS = "select-authenticator-enroll", "enroll-authenticator"
GOOD_WAYS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("bare", {}, ()),
    ("phone", {"two": True}, ("authenticator-verification-data", ANSWER)),
    ("rich", {"app": "two"}, (CHOOSE, ANSWER)),
    ("pushy", {"app": "bound"}, ("authenticator-verification-data", "challenge-poll")),
    ("expired", {}, ("reenroll-authenticator",)),
    ("warned", {}, ("reenroll-authenticator-warning",)),
    ("warned", {}, ("skip",)),
    ("bare", {"required": ("okta_question",)}, (ENROLL, WORKS)),
    ("bare", {"app": "bound", "required": ("google_otp",)}, (ENROLL, WORKS)),
]


@pytest.mark.parametrize(("person", "policy", "names"), GOOD_WAYS)
def test_a_user_who_proves_everything_is_signed_in(
    begins: Callable[[Asked], Walker],
    person: str,
    policy: dict[str, Any],
    names: tuple[str, ...],
) -> None:
    """The walks' own model lets them in, and the org does: so that walks do get there."""
    walker = begins(asked(**policy))
    standing = sign_in(walker, person)
    for name in names:
        assert walker.signed_in == []
        go_right(walker, name)
    assert walker.signed_in == [person], standing.document
    assert walker.redeem(standing, VERIFIER).status == 200
    assert walker.redeem(standing, VERIFIER).status == 400


@pytest.mark.parametrize(("app", "expected"), [("one", True), ("now", False), ("hour", False)])
def test_a_session_stands_for_what_was_proved_in_it(
    begins: Callable[[Asked], Walker], app: str, *, expected: bool
) -> None:
    walker = begins(asked(app=app))
    walker.into_session(sign_in(walker, "bare"), 0)
    walker.org.clock.advance(timedelta(minutes=61))
    assert walker.authorize(0) is expected
    walker.begin(0, uses_session=True)
    assert (walker.signed_in == ["bare", "bare"]) is expected


def test_a_locked_account_is_unlocked_and_its_password_recovered(
    begins: Callable[[Asked], Walker],
) -> None:
    walker, bare = begins(asked()), pick_of("bare")
    walker.begin(0, uses_session=False)
    take(walker, Step(0, "hammer", bare, "right"))
    assert walker.everybody["bare"].is_locked
    go_right(walker, "unlock-account")
    go_right(walker, "select-authenticator-unlock-account", ANSWER, pick=bare)
    assert not walker.everybody["bare"].is_locked
    walker.begin(0, uses_session=False)
    go_right(walker, "recover")
    go_right(walker, "identify-recovery", pick=bare)
    go_right(walker, "authenticator-verification-data", ANSWER, "reset-authenticator")
    assert walker.signed_in == ["bare"]


def test_the_recovery_question_comes_after_the_code(begins: Callable[[Asked], Walker]) -> None:
    walker = begins(asked(asks_question=True))
    walker.begin(0, uses_session=False)
    go_right(walker, "recover")
    go_right(walker, "identify-recovery", pick=pick_of("bare"))
    standing = go_right(walker, "authenticator-verification-data", ANSWER)
    assert standing.current["key"] == "security_question"
    go_right(walker, ANSWER, "reset-authenticator")
    assert walker.signed_in == ["bare"]


@pytest.mark.parametrize("browser", [0, 1])
def test_a_link_proves_the_address_in_the_browser_that_signs_in(
    begins: Callable[[Asked], Walker], browser: int
) -> None:
    walker = begins(asked(two=True))
    standing = sign_in(walker, "expired", "authenticator-verification-data")
    assert standing.link is not None
    walker.begin(1, uses_session=False)
    walker.open_link(standing, standing.link, browser)
    after = "reenroll-authenticator" if browser == 0 else "challenge-authenticator"
    assert standing.screen == after


def test_a_sign_in_that_stands_on_a_session_does_not_outlive_it(
    begins: Callable[[Asked], Walker],
) -> None:
    walker = begins(asked())
    walker.into_session(sign_in(walker, "bare"), 0)
    walker.begin(0, uses_session=True)
    standing = walker.slots[0]
    assert standing is not None
    assert standing.screen == "SUCCESS"
    walker.sign_out(0)
    walker.into_session(standing, 0)
    assert not walker.authorize(0)

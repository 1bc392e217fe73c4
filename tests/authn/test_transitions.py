"""Every cell of status and operation, the forbidden ones too: facts/classic C.0, C.2, C.3."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from mock_okta.authn.operations import PATHS, Operation
from mock_okta.authn.transitions import TRANSITIONS
from mock_okta.clock import wire_instant
from mock_okta.model.transactions import Status
from tests.authn.cells import OVER, SUCCESSORS
from tests.authn.proving import PHONE, SMS, Body, Proving
from tests.authn.reaching import ASKING, QUESTION, REACHING, WAYS, Way, code, seeded
from tests.authn.signing import AUTHN, NEW_PASSWORD, Signing, error_of
from tests.visiting import LOGIN, PASSWORD, Answer

FORBIDDEN = (
    403,
    "E0000079",
    ["This operation is not allowed in the current authentication state."],
)
UNKNOWN_TOKEN: tuple[int, str, list[str]] = (401, "E0000011", [])
RESENT = timedelta(seconds=31)
LIFETIME = timedelta(minutes=5)
OF_NO_LINK = {Operation.INTROSPECT}
KEPT = [status for status in Status if status is not Status.LOCKED_OUT]
SAID: Mapping[str, Mapping[str, Any]] = {
    "sms": {"profile": {"phoneNumber": PHONE}},
    "question": {"profile": {"question": "disliked_food", "answer": "beetroot"}},
}
GIVEN: Mapping[Operation, Body] = {
    Operation.AUTHENTICATE: {"username": LOGIN, "password": PASSWORD},
    Operation.CHANGE_PASSWORD: {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD},
    Operation.RESET_PASSWORD: {"newPassword": NEW_PASSWORD},
    Operation.ANSWER: {"answer": "Beetroot"},
    Operation.SEND_ACTIVATION: {**SAID["sms"]},
    Operation.CONSENT: {"consent": {"scopes": ["notes"]}},
}
PROVING = (Operation.VERIFY, Operation.ACTIVATE, Operation.VERIFY_RECOVERY)
EACH_WAY = pytest.mark.parametrize(
    ("status", "way"), [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in WAYS]
)
ALLOWED = [
    pytest.param(status, way, operation, id=f"{status}-{way.name}-{operation}")
    for status, way in WAYS
    for operation in (*way.leads, Operation.INTROSPECT, Operation.CANCEL)
]


def pattern_of(operation: Operation) -> re.Pattern[str]:
    path = re.sub(r"\{\w+\}", "[^/]+", PATHS[operation])
    return re.compile(f"https?://[^/]+{path}$")


def links_in(state: Any) -> Iterator[Body]:
    """Every link that a state shows, wherever: a link is what has a `href`."""
    if isinstance(state, list):
        for each in state:
            yield from links_in(each)
    if isinstance(state, dict):
        if "href" in state:
            yield state
        for each in state.values():
            yield from links_in(each)


def hrefs_by_operation(state: Body) -> dict[Operation, str]:
    """Where the links to be POSTed to lead, by what they do."""
    found: dict[Operation, str] = {}
    for link in links_in(state):
        if link.get("hints") != {"allow": ["POST"]}:
            continue
        named = [each for each in Operation if pattern_of(each).match(link["href"])]
        assert len(named) == 1, link
        found.setdefault(named[0], link["href"])
    return found


def path_of(operation: Operation, state: Body) -> str:
    """The path of an operation, for the factor that is at stake, or else for any."""
    embedded = state.get("_embedded", {})
    factors = [embedded.get("factor", {}), *embedded.get("factors", [])]
    factor_id = next((each["id"] for each in factors if "id" in each), "mbl0123456789abcdefg")
    return PATHS[operation].replace("{factor_id}", factor_id).replace("{channel}", "sms")


async def good_body(operation: Operation, proving: Proving, state: Body) -> Body:
    """A well-formed request, which succeeds wherever the operation may."""
    if operation in GIVEN:
        return dict(GIVEN[operation])
    embedded = state.get("_embedded", {}).get("factors", [])
    if operation is Operation.ENROLL:
        kind = next((each["factorType"] for each in embedded if "enrollment" in each), "sms")
        return {"factorType": kind, "provider": "OKTA", **SAID[kind]}
    if operation not in PROVING:
        return {}
    if operation is Operation.VERIFY and embedded and state["status"] != "MFA_CHALLENGE":
        is_otp = embedded[0]["factorType"] == "token:software:totp"
        return {"passCode": code(proving) if is_otp else ""}
    sent = [each["passcode"] for each in await proving.outbox() if "passcode" in each]
    return {"passCode": sent[-1] if sent else ""}


async def operate(operation: Operation, proving: Proving, state: Body) -> Answer:
    """Do it well; by the link where the state shows one."""
    where = hrefs_by_operation(state).get(operation) or path_of(operation, state)
    body = await good_body(operation, proving, state)
    return await proving.post(where, stateToken=state["stateToken"], **body)


async def introspect(proving: Proving, state: Body) -> Body:
    answer = await proving.post(f"{AUTHN}/introspect", stateToken=state["stateToken"])
    assert answer.status == 200, answer.text
    return {**answer.json(), "expiresAt": None}


def test_the_table_allows_what_the_contract_does_and_every_cell_is_shown_here() -> None:
    assert set(TRANSITIONS) == set(SUCCESSORS)
    assert set(REACHING) == {status for status, _ in TRANSITIONS}
    for status, ways in REACHING.items():
        shown = {operation for way in ways for operation in way.leads}
        shown |= {Operation.INTROSPECT, Operation.CANCEL}
        assert shown == {operation for found, operation in TRANSITIONS if found is status}
    for status, way in WAYS:
        for operation, successor in way.leads.items():
            assert successor in SUCCESSORS[status, operation]


@EACH_WAY
async def test_each_way_leads_to_its_status(proving: Proving, status: Status, way: Way) -> None:
    state = await way.reach(proving)
    assert (state["status"], state["stateToken"][:2]) == (status, "00")


@pytest.mark.parametrize(("status", "way", "operation"), ALLOWED)
async def test_an_allowed_operation_leads_where_the_contract_has_it(
    proving: Proving, status: Status, way: Way, operation: Operation
) -> None:
    state = await way.reach(proving)
    proving.org.clock.advance(RESENT)

    answer = await operate(operation, proving, state)

    assert answer.status == 200, answer.text
    fixed = {Operation.INTROSPECT: status, Operation.CANCEL: OVER}
    assert answer.json().get("status", OVER) == {**way.leads, **fixed}[operation]
    still = await proving.post(f"{AUTHN}/introspect", stateToken=state["stateToken"])
    if "stateToken" in answer.json():
        assert answer.json()["stateToken"] == state["stateToken"]
        assert still.json()["status"] == answer.json()["status"]
    else:
        assert error_of(still) == UNKNOWN_TOKEN


@EACH_WAY
async def test_a_forbidden_operation_is_refused_and_changes_nothing(
    proving: Proving, status: Status, way: Way
) -> None:
    state = await way.reach(proving)
    proving.org.clock.advance(RESENT)
    before, sent = await introspect(proving, state), await proving.outbox()
    forbidden = [each for each in Operation if (status, each) not in SUCCESSORS]
    assert forbidden
    for operation in forbidden:
        refused = await operate(operation, proving, state)
        assert error_of(refused) == FORBIDDEN, operation
        assert await introspect(proving, state) == before, operation
    assert await proving.outbox() == sent


@EACH_WAY
async def test_links_name_exactly_what_is_allowed_each_by_one_method(
    proving: Proving, status: Status, way: Way
) -> None:
    state = await way.reach(proving)
    for link in links_in(state):
        assert link.get("hints", {}).get("allow") in (["GET"], ["POST"]) or "type" in link, link
    expected = {*way.leads, Operation.CANCEL} - way.unlinked
    if status is Status.SUCCESS:
        expected = set()  # its one link is followed by the browser
    assert set(hrefs_by_operation(state)) == expected


@EACH_WAY
async def test_links_to_be_fetched_are_there(proving: Proving, status: Status, way: Way) -> None:
    state = await way.reach(proving)
    fetched = [link for link in links_in(state) if link.get("hints") != {"allow": ["POST"]}]
    for link in fetched:
        answer = await proving.visitor.ask("GET", link["href"])
        assert answer.status == (302 if status is Status.SUCCESS else 200), link
    assert bool(fetched) == (way.name in HAVE_MORE), fetched


HAVE_MORE = ("offered_a_question", "made_to_enroll", "activating_push", "stepped_up")


@EACH_WAY
async def test_a_transaction_is_resumed_by_its_token_alone(
    proving: Proving, status: Status, way: Way
) -> None:
    state = await way.reach(proving)
    shown = await proving.post(AUTHN, stateToken=state["stateToken"])
    assert shown.json()["status"] == status
    assert {**shown.json(), "expiresAt": None} == await introspect(proving, state)
    assert list(links_in(shown.json())) == list(links_in(state))


@EACH_WAY
async def test_the_end_slides_with_each_request(proving: Proving, status: Status, way: Way) -> None:
    proving.org.clock.freeze()
    state = await way.reach(proving)
    token = state["stateToken"]
    for _ in range(3):
        proving.org.clock.advance(timedelta(minutes=4, seconds=59))
        answer = await proving.post(f"{AUTHN}/introspect", stateToken=token)
        assert answer.json()["status"] == status
    # A challenge's own end may lie later.
    ends = answer.json()["expiresAt"]
    assert ends >= wire_instant(proving.org.clock.now() + LIFETIME)
    proving.org.clock.advance(LIFETIME + LIFETIME)
    assert error_of(await proving.post(f"{AUTHN}/introspect", stateToken=token)) == UNKNOWN_TOKEN
    for operation in Operation:
        refused = await operate(operation, proving, state)
        assert error_of(refused) == UNKNOWN_TOKEN, operation


@pytest.mark.parametrize("token", ["", "00unknown", "02not-classic", "\x00", LOGIN, None])
async def test_a_token_that_is_none_is_reported_alike(signing: Signing, token: str | None) -> None:
    given: dict[str, Any] = {} if token is None else {"stateToken": token}
    for operation in Operation:
        if operation is Operation.AUTHENTICATE and token is None:
            continue  # a sign-in begins so
        refused = await signing.post(path_of(operation, {}), **given)
        assert error_of(refused) == UNKNOWN_TOKEN, operation


@pytest.mark.parametrize("token", [[], {}])
async def test_a_token_of_another_type_is_a_mistake_in_the_body(
    signing: Signing, token: object
) -> None:
    for operation in Operation:
        refused = await signing.post(path_of(operation, {}), stateToken=token)
        assert error_of(refused)[:2] == (400, "E0000001"), operation


async def test_a_cancelled_sign_in_is_unknown_to_every_operation(proving: Proving) -> None:
    await seeded(proving, optional=("okta_sms",))
    state = await proving.start()
    cancelled = await proving.follow(state, "cancel")
    assert (cancelled.status, cancelled.json()) == (200, {})
    for operation in Operation:
        assert error_of(await operate(operation, proving, state)) == UNKNOWN_TOKEN


@pytest.mark.parametrize("reach", ["having_a_phone", "offered_a_phone"])
async def test_previous_shows_the_whole_earlier_state(proving: Proving, reach: str) -> None:
    (way,) = [way for _, way in WAYS if way.name == reach]
    before = await way.reach(proving)
    entering = Operation.VERIFY if reach == "having_a_phone" else Operation.ENROLL
    entered = (await operate(entering, proving, before)).json()
    assert entered["status"] in ("MFA_CHALLENGE", "MFA_ENROLL_ACTIVATE")
    back = await proving.go(entered, "prev")
    assert list(back) == list(before)
    assert back | {"expiresAt": 0} == before | {"expiresAt": 0}
    assert back["_embedded"]["factors"]


@pytest.mark.parametrize("reach", ["having_a_phone", "offered_a_phone", "password_expired"])
async def test_relay_state_is_echoed_to_the_end(proving: Proving, reach: str) -> None:
    (way,) = [way for _, way in WAYS if way.name == reach]
    await way.reach(proving)
    answer = await proving.post(AUTHN, username=LOGIN, password=PASSWORD, relayState="/here?a=b")
    state = answer.json()
    steps = [Operation.VERIFY, Operation.ENROLL, Operation.ACTIVATE, Operation.CHANGE_PASSWORD]
    assert state["relayState"] == "/here?a=b"
    for _ in range(2):
        if "stateToken" not in state:
            break
        offered = hrefs_by_operation(state)
        (operation,) = [each for each in steps if each in offered]
        state = (await operate(operation, proving, state)).json()
        assert state["relayState"] == "/here?a=b"
    assert state["status"] == "SUCCESS"


async def test_who_is_locked_out_has_no_transaction_but_a_way_to_unlock(
    proving: Proving,
) -> None:
    lockout = {"lockout": {"show_lockout_failures": True}}
    await seeded(proving, passwords=lockout, status="LOCKED_OUT")
    state = (await proving.sign_in()).json()
    assert (state["status"], "stateToken" in state) == ("LOCKED_OUT", False)
    (link,) = links_in(state)
    assert link["hints"] == {"allow": ["POST"]}
    answer = await proving.post(link["href"], username=LOGIN, factorType="EMAIL")
    assert answer.json()["status"] == "RECOVERY_CHALLENGE"


def test_all_statuses_but_those_without_a_transaction_are_reached() -> None:
    assert set(REACHING) == set(KEPT)


async def test_a_new_password_with_the_answer_counts_as_one_that_was_proved(
    proving: Proving,
) -> None:
    await seeded(proving, SMS, asks_factor=True, passwords=ASKING, recovery_question=QUESTION)
    asked = (await proving.recover(factor="SMS")).json()
    asked = await proving.go(asked, passCode=await proving.passcode())
    required = await proving.go(asked, answer=QUESTION["answer"], newPassword=NEW_PASSWORD)
    assert (required["status"], "recoveryType" in required) == ("MFA_REQUIRED", False)
    await proving.verify(required, passCode="")
    success = await proving.verify(required, passCode=await proving.passcode())
    assert success.json()["status"] == "SUCCESS"


async def test_who_is_locked_out_meanwhile_enrolls_nothing(proving: Proving) -> None:
    await seeded(proving, required=("okta_question",), passwords={"lockout": {"max_attempts": 1}})
    state = await proving.start()
    await proving.sign_in(password="wrong")
    assert await proving.status() == "LOCKED_OUT"
    refused = await operate(Operation.ENROLL, proving, state)
    assert error_of(refused) == (403, "E0000069", [])
    assert await proving.factors() == {}


async def test_who_began_before_there_was_a_factor_enrolls_none_beside_it(
    proving: Proving,
) -> None:
    await seeded(proving, optional=("okta_question", "okta_sms"), asks_factor=True)
    first, second, third = [await proving.start() for _ in range(3)]
    third = (await proving.enroll(third, "sms", **SAID["sms"])).json()
    sent = await proving.passcode()
    success = await proving.enroll(first, "question", **SAID["question"])
    assert success.json()["status"] == "SUCCESS"
    for refused in (
        await proving.enroll(second, "sms", **SAID["sms"]),
        await proving.follow(third, passCode=sent),
    ):
        assert error_of(refused) == FORBIDDEN
    skipped = await proving.post(f"{AUTHN}/skip", stateToken=second["stateToken"])
    assert skipped.json()["status"] == "MFA_REQUIRED"
    assert list(await proving.factors()) == ["okta_question"]

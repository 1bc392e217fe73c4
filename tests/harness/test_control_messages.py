"""The control client with a real org: messages to users, and pushes to their devices."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mock_okta.control.fetching import fetch
from mock_okta_harness import faults
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import Control, ControlError
from mock_okta_harness.running import RunningOrg


def test_the_outbox_is_empty_at_first_and_can_be_emptied(okta_control: Control) -> None:
    okta_control.empty_outbox()
    assert okta_control.outbox() == ()


def _forget_password(org: RunningOrg, login: str) -> None:
    """Have an e-mail sent, as a browser would."""
    body = json.dumps({"username": login, "factorType": "EMAIL"}).encode()
    status, answer = fetch(f"{org.url}{RECOVERY}", None, "POST", body)
    assert status == 200, answer


@pytest.fixture
def two_users(okta_org: RunningOrg) -> tuple[str, str]:
    okta_org.control.seed(a_user("ann@example.com"), a_user("bob@example.com"))
    return "ann@example.com", "bob@example.com"


def test_a_message_is_waited_for(okta_org: RunningOrg, two_users: tuple[str, str]) -> None:
    ann, _ = two_users
    okta_org.control.plan_fault(faults.delay(0.5).on(RECOVERY))
    with ThreadPoolExecutor() as threads:
        sent = threads.submit(_forget_password, okta_org, ann)
        message = okta_org.control.wait_for_message(ann)
        sent.result()
    assert (message.to, message.channel) == (ann, "email")
    assert message.link


def test_the_newest_message_that_matches_is_given(
    okta_org: RunningOrg, two_users: tuple[str, str]
) -> None:
    ann, bob = two_users
    for login in (ann, ann, bob):
        _forget_password(okta_org, login)
    first, second, bobs = okta_org.control.outbox()
    wait = okta_org.control.wait_for_message
    assert wait() == wait(channel="email") == wait(bob) == bobs
    assert wait(ann) == wait(ann, after=first) == second
    okta_org.control.empty_outbox()
    _forget_password(okta_org, ann)
    assert wait(after=bobs).to == ann


def test_a_message_that_does_not_come_is_reported_with_those_that_did(
    okta_org: RunningOrg, two_users: tuple[str, str]
) -> None:
    ann, bob = two_users
    _forget_password(okta_org, ann)
    (message,) = okta_org.control.outbox()
    wait = okta_org.control.wait_for_message
    with pytest.raises(LookupError, match=rf"no message sms to {bob} within 0 s .*email to {ann}"):
        wait(bob, "sms", within=0)
    with pytest.raises(LookupError, match="no message"):
        wait(ann, after=message, within=0)


def test_a_push_is_waited_for(okta_control: Control, okta_url: str) -> None:
    user = a_user().with_factor("okta_push")
    okta_control.seed(user, {"sign_on_policies": [{"rules": [{"require_factor": True}]}]})
    okta_control.plan_fault(faults.delay(0.5).on("/api/v1/authn/factors/*"))
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(_ask_for_a_push, okta_url, user.login)
        assert okta_control.approve_push(user.login).answer == "APPROVED"
        asked.result()


def _ask_for_a_push(org_url: str, login: str) -> None:
    """Sign in as far as the push, as a browser would."""
    body: dict[str, Any] = {"username": login, "password": "mock-Password-1"}
    status, answer = fetch(f"{org_url}/api/v1/authn", None, "POST", json.dumps(body).encode())
    assert status == 200, answer
    state = json.loads(answer)
    (factor,) = state["_embedded"]["factors"]
    body = {"stateToken": state["stateToken"]}
    href = factor["_links"]["verify"]["href"]
    status, answer = fetch(href, None, "POST", json.dumps(body).encode())
    assert status == 200, answer


def test_the_newest_push_that_waits_is_answered(okta_control: Control, okta_url: str) -> None:
    factors = [{"factor": "okta_push", "number_challenge": True}]
    users = [
        {"login": f"{name}@example.com", "password": "mock-Password-1", "factors": factors}
        for name in ("ann", "bob")
    ]
    rule = {"rules": [{"require_factor": True}]}
    okta_control.seed({"users": users, "sign_on_policies": [rule]})
    with pytest.raises(LookupError, match="no push waits within 0 s at"):
        okta_control.approve_push(within=0)
    for user in users:
        _ask_for_a_push(okta_url, str(user["login"]))
    anns, bobs = okta_control.pushes()
    assert (anns.login, bobs.login) == ("ann@example.com", "bob@example.com")
    assert (anns.purpose, anns.answer) == ("sign-in", "WAITING")
    assert okta_control.reject_push("ann@example.com").id == anns.id
    with pytest.raises(LookupError, match=r"no push waits for ann@example\.com"):
        okta_control.reject_push("ann@example.com", within=0)
    assert okta_control.approve_push(number=bobs.number).answer == "APPROVED"
    assert [each.answer for each in okta_control.pushes()] == ["REJECTED", "APPROVED"]


def test_a_push_with_the_wrong_number_is_rejected(okta_control: Control, okta_url: str) -> None:
    factor = {"factor": "okta_push", "number_challenge": True}
    user = {"login": "ann@example.com", "password": "mock-Password-1", "factors": [factor]}
    rule = {"rules": [{"require_factor": True}]}
    okta_control.seed({"users": [user], "sign_on_policies": [rule]})
    _ask_for_a_push(okta_url, "ann@example.com")
    assert okta_control.approve_push("ann@example.com", number=0).answer == "REJECTED"


def test_one_message_is_deleted(okta_control: Control) -> None:
    okta_control.seed(a_user("ann@example.com"))
    okta_control.change_user("ann@example.com", "reset_password")
    okta_control.change_user("ann@example.com", "reset_password")
    first, second = okta_control.outbox()
    okta_control.remove_message(first)
    assert okta_control.outbox() == (second,)
    with pytest.raises(ControlError):
        okta_control.remove_message(first)


RECOVERY = "/api/v1/authn/recovery/password"

"""FastPass: Okta Verify on the user's computer, asked by the page and answered in `/_mock/push`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_okta import MockOkta, Org
from mock_okta.idx.fast_pass import challenge_of_device
from mock_okta.idx.scenes import Scene
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.model.policies import PasswordPolicy
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.idx.sample_screens import (
    ANY,
    FAST_PASS,
    PUSH,
    asked_on_computer,
    launched,
    put,
    sent,
    with_fast_pass,
)
from tests.storage.counting import counting
from tests.visiting import APP, LOGIN, PASSWORD, claims_of

UNREACHABLE = "OV_UNREACHABLE_BY_LOOPBACK"
OTHER_LOGIN = "second@example.com"


def challenge_in(document: Document) -> dict[str, Any]:
    """The part of the document that says how to reach the app."""
    about = document.body.get("authenticatorChallenge")
    if about is None:
        about = document.current["contextualData"]["challenge"]
    return dict(about["value"])


async def reach(enrolling: Enrolling, document: Document) -> int:
    """Send the challenge to the port in the document. Return the status."""
    challenge = challenge_in(document)
    (port,) = challenge["ports"]
    assert f"{challenge['domain']}:{port}" == enrolling.visitor.org.url
    probe = await enrolling.visitor.ask("GET", "/probe", headers={"Origin": APP})
    assert (probe.status, probe.headers["Access-Control-Allow-Origin"]) == (200, APP)
    body = {"challengeRequest": challenge["challengeRequest"]}
    answer = await enrolling.visitor.ask("POST", "/challenge", json=body, headers={"Origin": APP})
    return answer.status


async def pushes(enrolling: Enrolling) -> list[dict[str, Any]]:
    answer = await enrolling.visitor.ask("GET", "/_mock/push")
    return list(answer.json()["pushes"])


async def answer(enrolling: Enrolling, said: str, login: str = LOGIN) -> None:
    """Answer in the app of that user."""
    (push,) = (each for each in await pushes(enrolling) if each["login"] == login)
    path = f"/_mock/push/{push['id']}"
    assert (await enrolling.visitor.ask("POST", path, json={"answer": said})).status == 200


async def settings(enrolling: Enrolling, **changes: str) -> None:
    """Set Okta Verify up so."""
    await put(enrolling, authenticators=[{"key": "okta_verify", "settings": changes}])


async def amr_of(enrolling: Enrolling) -> list[str]:
    """The claim of the ID token that the sign-in ends with."""
    return sorted(claims_of((await enrolling.tokens())["id_token"])["amr"])


async def test_the_app_on_the_computer_proves_the_user(enrolling: Enrolling) -> None:
    await asked_on_computer(enrolling)
    document = enrolling.document
    assert document.screen == "challenge-poll"
    assert challenge_in(document)["challengeMethod"] == "LOOPBACK"
    assert await reach(enrolling, document) == 200
    assert (await enrolling.take("challenge-poll")).screen == "challenge-poll"
    await answer(enrolling, "approve")
    document = await enrolling.take("challenge-poll")
    assert document.interaction_code


async def test_it_is_at_once_where_okta_verify_verifies_nobody(enrolling: Enrolling) -> None:
    await asked_on_computer(enrolling)
    await settings(enrolling, user_verification="DISCOURAGED")
    assert await reach(enrolling, enrolling.document) == 200
    assert (await enrolling.take("challenge-poll")).interaction_code
    assert await reach(enrolling, enrolling.seen[-2]) == 200  # the page may ask the app again


async def test_the_app_knows_its_own_requests_alone(enrolling: Enrolling) -> None:
    body = {"challengeRequest": "pshUnknown"}
    assert (await enrolling.visitor.ask("POST", "/challenge", json=body)).status == 404


async def test_it_approves_nothing_that_asks_a_phone(enrolling: Enrolling) -> None:
    await sent("okta_verify", "push", PUSH)(enrolling)
    await settings(enrolling, user_verification="DISCOURAGED")
    (asked,) = await pushes(enrolling)
    body = {"challengeRequest": asked["id"]}
    assert (await enrolling.visitor.ask("POST", "/challenge", json=body)).status == 404
    assert (await pushes(enrolling))[0]["answer"] == asked["answer"] == "WAITING"


async def test_a_page_that_finds_no_app_gets_a_link(enrolling: Enrolling) -> None:
    await asked_on_computer(enrolling)
    document = await enrolling.take("cancel-polling", reason=UNREACHABLE)
    challenge = challenge_in(document)
    assert challenge["challengeMethod"] == "CUSTOM_URI"
    assert (await pushes(enrolling))[0]["id"] in challenge["href"]
    await answer(enrolling, "approve")
    assert (await enrolling.take("challenge-poll")).interaction_code


async def test_a_link_that_does_not_help_is_the_end_of_it(enrolling: Enrolling) -> None:
    await asked_on_computer(enrolling)
    await enrolling.take("cancel-polling", reason=UNREACHABLE)
    document = await enrolling.take("cancel-polling", reason=UNREACHABLE)
    assert document.screen == "authenticator-verification-data"


@pytest.mark.parametrize("reason", ["USER_CANCELED", "OV_RETURNED_ERROR", None])
async def test_another_way_begins_with_the_port_again(
    enrolling: Enrolling, reason: str | None
) -> None:
    await asked_on_computer(enrolling)
    await enrolling.take("cancel-polling", reason=UNREACHABLE)
    given = {} if reason is None else {"reason": reason}
    document = await enrolling.take("cancel-polling", **given)
    assert document.screen == "authenticator-verification-data"
    document = await enrolling.choose("okta_verify", methodType="signed_nonce")
    assert challenge_in(document)["challengeMethod"] == "LOOPBACK"


@pytest.mark.parametrize(
    ("said", "key"),
    [("deny", "api.authn.poll.error.push_rejected"), (None, "oktaverify.timeout")],
)
async def test_no_is_told_and_may_be_asked_again(
    enrolling: Enrolling, org: MockOkta, said: str | None, key: str
) -> None:
    await asked_on_computer(enrolling)
    if said is None:
        org.clock.advance(timedelta(minutes=6))
    else:
        await answer(enrolling, said)
    document = await enrolling.take("challenge-poll")
    assert (document.screen, document.keys) == ("authenticator-verification-data", [key])
    document = await enrolling.choose("okta_verify", methodType="signed_nonce")
    await answer(enrolling, "approve")
    assert (await enrolling.take("challenge-poll")).interaction_code


async def test_the_button_finds_out_who_it_is(enrolling: Enrolling) -> None:
    await launched(enrolling)
    document = enrolling.document
    assert document.names == ["device-challenge-poll"]
    assert await reach(enrolling, document) == 200
    assert (await enrolling.take("device-challenge-poll")).screen == "device-challenge-poll"
    await answer(enrolling, "approve")
    assert (await enrolling.take("device-challenge-poll")).interaction_code
    assert await amr_of(enrolling) == ["pop"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the org asks of its storage, in order."""
    asked: list[str] = []
    monkeypatch.setattr("mock_okta.process.server.in_memory", counting(asked))
    return asked


async def test_the_button_reads_no_users_but_those_who_have_it(
    asked: list[str], enrolling: Enrolling
) -> None:
    other = {"login": OTHER_LOGIN, "password": PASSWORD}
    await with_fast_pass(enrolling, users=[other])
    asked.clear()
    await enrolling.take("launch-authenticator")
    assert [each["login"] for each in await pushes(enrolling)] == [LOGIN]
    assert "users.all_by" in asked
    assert "users.values" not in asked


async def test_one_of_several_says_yes(enrolling: Enrolling) -> None:
    other = {"login": OTHER_LOGIN, "password": PASSWORD, "factors": [FAST_PASS]}
    await launched(enrolling, users=[other])
    await settings(enrolling, user_verification="DISCOURAGED", show_sign_in_with_ov="ALWAYS")
    assert await reach(enrolling, enrolling.document) == 200  # it does not know which of both
    await answer(enrolling, "deny")
    assert (await enrolling.take("device-challenge-poll")).screen == "device-challenge-poll"
    await answer(enrolling, "approve", OTHER_LOGIN)
    await enrolling.take("device-challenge-poll")
    assert claims_of((await enrolling.tokens())["id_token"])["email"] == OTHER_LOGIN


async def test_nobody_to_ask_is_an_app_without_accounts(enrolling: Enrolling) -> None:
    await enrolling.seed(primary_factor=ANY)
    await settings(enrolling, show_sign_in_with_ov="ALWAYS")
    await enrolling.begin()
    document = await enrolling.take("launch-authenticator")
    assert await reach(enrolling, document) == 404
    document = await enrolling.take("cancel-polling", reason="OV_RETURNED_ERROR", statusCode=404)
    assert document.screen == "identify"


@pytest.mark.parametrize("said", ["deny", None])
async def test_no_leads_back_to_the_name(
    enrolling: Enrolling, org: MockOkta, said: str | None
) -> None:
    await launched(enrolling)
    if said is None:
        org.clock.advance(timedelta(minutes=6))
    else:
        await answer(enrolling, said)
    document = await enrolling.take("device-challenge-poll")
    key = "oktaverify.timeout" if said is None else "api.authn.poll.error.push_rejected"
    assert (document.screen, document.keys) == ("identify", [key])


async def test_the_button_takes_the_link_too(enrolling: Enrolling) -> None:
    await launched(enrolling)
    document = await enrolling.take("cancel-polling", reason=UNREACHABLE)
    assert challenge_in(document)["challengeMethod"] == "CUSTOM_URI"
    document = await enrolling.take("cancel-polling", reason="USER_CANCELED")
    assert document.screen == "identify"


async def test_the_button_is_there_where_the_org_shows_it(enrolling: Enrolling) -> None:
    await enrolling.seed(FAST_PASS, primary_factor=ANY)
    assert "launch-authenticator" not in (await enrolling.begin()).names
    await settings(enrolling, show_sign_in_with_ov="ALWAYS")
    assert "launch-authenticator" in (await enrolling.begin()).names


@pytest.mark.parametrize("verb", ["suspend", "deactivate"])
async def test_who_may_not_sign_in_cannot_by_their_computer(
    enrolling: Enrolling, verb: str
) -> None:
    await launched(enrolling)
    await answer(enrolling, "approve")
    path = f"/_mock/users/{LOGIN}/lifecycle/{verb}"
    assert (await enrolling.visitor.ask("POST", path)).status == 200
    document = await enrolling.take("device-challenge-poll")
    assert (document.status, document.keys) == (400, ["errors.E0000004"])


async def test_a_user_who_is_removed_meanwhile_has_no_computer(enrolling: Enrolling) -> None:
    await launched(enrolling)
    await answer(enrolling, "approve")
    await enrolling.visitor.ask("DELETE", f"/_mock/users/{LOGIN}")
    document = await enrolling.take("device-challenge-poll")
    assert (document.screen, document.keys) == ("identify", ["oktaverify.timeout"])


@pytest.mark.parametrize(("verification", "is_met"), [("PREFERRED", True), ("DISCOURAGED", False)])
async def test_a_finger_counts_as_a_second_factor(
    enrolling: Enrolling, verification: str, *, is_met: bool
) -> None:
    """Possession, and something that the user is: two types, if the app looks who it is."""
    await launched(enrolling, require_factor=True)
    await settings(enrolling, user_verification=verification, show_sign_in_with_ov="ALWAYS")
    await answer(enrolling, "approve")
    document = await enrolling.take("device-challenge-poll")
    assert ("successWithInteractionCode" in document.body) is is_met


async def test_classic_pages_see_the_user_without_it(enrolling: Enrolling) -> None:
    await enrolling.seed(FAST_PASS)
    body = {"username": LOGIN, "password": PASSWORD}
    signed_in = await enrolling.visitor.ask("POST", "/api/v1/authn", json=body)
    assert signed_in.json()["status"] == "SUCCESS"
    await enrolling.seed(FAST_PASS, optional=("okta_email",), require_factor=True)
    signed_in = await enrolling.visitor.ask("POST", "/api/v1/authn", json=body)
    assert signed_in.json()["status"] == "MFA_ENROLL"
    await enrolling.seed(FAST_PASS, {"factor": "okta_email"}, require_factor=True)
    signed_in = await enrolling.visitor.ask("POST", "/api/v1/authn", json=body)
    kinds = [each["factorType"] for each in signed_in.json()["_embedded"]["factors"]]
    assert kinds == ["email"]


@pytest.mark.parametrize("part", ["required", "optional"])
async def test_no_page_enrols_it(enrolling: Enrolling, part: str) -> None:
    policy = {"enrollment_policies": [{part: ["signed_nonce"]}]}
    refused = await enrolling.visitor.ask("PUT", "/_mock/seed", json=policy)
    assert refused.status == 400
    assert "'signed_nonce' (FastPass) cannot be enrolled" in refused.text


@pytest.mark.parametrize(
    ("url", "domain", "port"),
    [
        ("https://okta.example", "https://okta.example", "443"),
        ("http://okta.example:8700", "http://okta.example", "8700"),
        ("http://[::1]:8700", "http://[::1]", "8700"),
    ],
)
def test_the_port_is_that_of_the_org(url: str, domain: str, port: str) -> None:
    """Pages join both by a colon."""
    transaction = IdentityTransaction(
        handle="02.id", expires_at=datetime.max.replace(tzinfo=UTC), screen=Screen.ASK_DEVICE
    )
    policy = PasswordPolicy(id="00p", name="Default")
    scene = Scene(transaction=transaction, org=Org(), url=url, passwords=policy)
    told = challenge_of_device(scene)["authenticatorChallenge"]["value"]
    assert (told["domain"], told["ports"]) == (domain, [port])

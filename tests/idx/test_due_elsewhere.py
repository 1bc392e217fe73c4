"""What another tab did, or the policy does not let anybody do, is not asked for any more."""

from tests.idx.enrolling import Enrolling
from tests.visiting import LOGIN, PASSWORD, USER_ID, Visitor

ANSWER = {"questionKey": "disliked_food", "answer": "Beetroot"}


async def test_an_enrolment_that_another_tab_finished_is_not_offered(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_question")
    left = document.body["stateHandle"]
    await enrolling.start()
    await enrolling.choose("security_question")
    assert (await enrolling.answer(**ANSWER)).interaction_code
    document = await enrolling.introspect(stateHandle=left)
    assert (document.status, document.names) == (200, [])
    assert document.interaction_code


async def test_a_form_that_is_not_due_any_more_leads_on(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_question")
    left, form = document.body["stateHandle"], document.form("select-authenticator-enroll")
    await enrolling.start()
    await enrolling.choose("security_question")
    await enrolling.answer(**ANSWER)
    document = await enrolling.post(form["href"], {"stateHandle": left})
    assert (document.status, document.names) == (200, [])


async def test_a_factor_that_was_removed_is_not_asked_for(enrolling: Enrolling) -> None:
    await enrolling.seed({"factor": "google_otp"}, {"factor": "okta_email"}, require_factor=True)
    await enrolling.start()
    document = await enrolling.choose("google_otp")
    await enrolling.seed({"factor": "okta_email"}, require_factor=True)
    document = await enrolling.introspect(stateHandle=document.body["stateHandle"])
    assert document.screen == "authenticator-verification-data"
    assert document.current["key"] == "okta_email"


async def test_nobody_is_offered_to_unlock_by_nothing(enrolling: Enrolling) -> None:
    for factors, is_offered in (((), False), (("EMAIL",), True)):
        document = {"password_policies": [{"recovery": {"factors": factors}}]}
        await enrolling.visitor.ask("PUT", "/_mock/seed", json=document)
        document = await enrolling.begin()
        assert ("unlock-account" in document.names) is is_offered


async def test_what_stands_on_a_session_does_not_outlive_it(
    enrolling: Enrolling, visitor: Visitor
) -> None:
    await visitor.sign_in(LOGIN)
    document = await enrolling.begin()
    assert document.interaction_code
    assert (await visitor.ask("DELETE", "/api/v1/sessions/me")).status == 204
    token = document.body["stateHandle"].partition("~")[0]
    answer = await visitor.ask("GET", f"/login/token/redirect?stateToken={token}")
    assert answer.status == 400, answer.text
    assert "The session of the sign-in is over." in answer.text
    assert await visitor.session_id() is None


async def test_an_address_that_was_enrolled_meanwhile_still_recovers(enrolling: Enrolling) -> None:
    await enrolling.seed()
    await enrolling.begin()
    await enrolling.take("recover")
    document = await enrolling.take("identify-recovery", identifier=LOGIN)
    assert document.screen == "authenticator-verification-data"
    await enrolling.seed({"factor": "okta_email"})
    document = await enrolling.introspect(stateHandle=document.body["stateHandle"])
    assert document.screen == "authenticator-verification-data"
    id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
    chosen = {"id": id_, "methodType": "email"}
    await enrolling.take("authenticator-verification-data", authenticator=chosen)
    code = {"passcode": await enrolling.passcode()}
    document = await enrolling.take("challenge-authenticator", credentials=code)
    assert document.screen == "reset-authenticator"


async def test_a_new_password_does_not_unlock_a_user_who_was_locked_out_elsewhere(
    enrolling: Enrolling,
) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "status": "PASSWORD_EXPIRED"}
    policy = {"lockout": {"max_attempts": 1}}
    document = {"users": [user], "password_policies": [policy]}
    assert (await enrolling.visitor.ask("PUT", "/_mock/seed", json=document)).status == 200
    expired = await enrolling.start()
    assert expired.screen == "reenroll-authenticator"
    await enrolling.begin()
    await enrolling.sign_in(LOGIN, "wrong")
    handle = {"stateHandle": expired.body["stateHandle"]}
    body = handle | {"credentials": {"passcode": "Other-Pass-2"}}
    assert (await enrolling.post("/idp/idx/challenge/answer", body)).status == 401
    users = (await enrolling.visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [each["status"] for each in users if each["login"] == LOGIN] == ["LOCKED_OUT"]

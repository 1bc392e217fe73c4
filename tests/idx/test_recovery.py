"""A forgotten password: by which proofs, up to tokens with a new one, and every way out of it."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.idx.following import Document
from tests.idx.recovering import (
    ANSWER,
    ANY_FACTOR,
    ASKS,
    BY_EMAIL,
    CALLERS,
    NEW_PASSWORD,
    QUESTION,
    SMS,
    WEAK,
    Recovering,
    shape,
)
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, USER_ID, claims_of

RESET = ["reset-authenticator"]
INVALID = (401, ["api.authn.error.PASSCODE_INVALID"])
NOT_ALLOWED = (403, ["oie.selfservice.reset.password.not.allowed"])


def told(document: Document) -> tuple[int, list[str]]:
    """Status and keys of messages."""
    return document.status, document.keys


async def test_a_code_by_email_leads_to_a_new_password_and_tokens(recovering: Recovering) -> None:
    await recovering.seed()
    document = await recovering.forget()
    assert document.names == [
        "authenticator-verification-data",
        "select-authenticator-authenticate",
    ]
    assert (await recovering.proved_by_email()).names == RESET
    document = await recovering.set_password()
    assert document.names == []
    claims = claims_of((await recovering.tokens())["id_token"])
    assert (claims["sub"], claims["amr"]) == (USER_ID, ["pwd"])
    assert not await recovering.is_password(PASSWORD)
    assert await recovering.is_password(NEW_PASSWORD)


@pytest.mark.parametrize("method", ["sms", "voice"])
async def test_a_phone_recovers_as_well(recovering: Recovering, method: str) -> None:
    call = {"factor": "okta_call", "phone_number": SMS["phone_number"]}
    await recovering.seed(SMS, call)
    assert (await recovering.forget()).options == ["okta_email", "phone_number"]
    await recovering.choose("phone_number")
    await recovering.by(method)
    channel = {"sms": "sms", "voice": "call"}[method]
    assert (await recovering.outbox())[-1]["channel"] == channel
    assert (await recovering.prove()).names == RESET
    assert (await recovering.set_password()).interaction_code


async def test_forms_are_as_the_widgets_samples_have_them(recovering: Recovering) -> None:
    await recovering.seed(SMS)
    await recovering.begin()
    document = await recovering.take("recover")
    assert document.names == ["identify-recovery"]
    assert shape(document, "identify-recovery") == "identifier! stateHandle!=?"
    assert document.body["recoveryAuthenticator"]["value"]["type"] == "password"
    document = await recovering.take("identify-recovery", identifier=LOGIN)
    assert shape(document, "select-authenticator-authenticate") == (
        "authenticator(id!= methodType= | id!= methodType= enrollmentId!=) stateHandle!=?"
    )
    assert "recoveryAuthenticator" in document.body
    await recovering.choose("okta_email")
    document = await recovering.proved_by_email()
    assert shape(document, "reset-authenticator") == (
        "credentials!(passcode* revokeSessions) stateHandle!=?"
    )
    assert document.form("reset-authenticator")["relatesTo"] == ["$.currentAuthenticator"]
    settings = document.current["settings"]
    assert settings["complexity"]["minLength"] == 8
    assert list(settings) == ["complexity", "age"]
    assert document.body["user"]["value"] == {"id": USER_ID, "identifier": LOGIN}
    assert document.form("cancel")["href"].endswith("/idp/idx/cancel")


async def test_the_password_is_never_offered(recovering: Recovering) -> None:
    await recovering.seed(SMS, {"factor": "google_otp"})
    assert "okta_password" not in (await recovering.forget()).options
    document = await recovering.post(
        "/idp/idx/challenge",
        {
            "stateHandle": recovering.document.body["stateHandle"],
            "authenticator": {"id": "made-up", "methodType": "password"},
        },
    )
    assert document.status == 400
    assert document.screen == "select-authenticator-authenticate"


async def test_a_challenged_user_recovers_without_giving_the_name_again(
    recovering: Recovering,
) -> None:
    await recovering.seed(rule={"primary_factor": "PASSWORD_IDP_ANY_FACTOR"})
    await recovering.begin()
    assert (await recovering.take("identify", identifier=LOGIN)).screen == "challenge-authenticator"
    document = await recovering.take("recover")
    assert document.screen == "authenticator-verification-data"
    await recovering.proved_by_email()
    assert (await recovering.set_password()).interaction_code


async def test_wrong_codes_leave_the_form_and_lock_nobody_out(recovering: Recovering) -> None:
    await recovering.seed(passwords={"lockout": {"max_attempts": 2}})
    await recovering.forget()
    first = await recovering.by("email")
    for _ in range(3):
        document = await recovering.prove("000000")
        assert told(document) == INVALID
        assert document.names == first.names
    assert "messages" in document.field("challenge-authenticator", "credentials", "passcode")
    assert (await recovering.prove()).names == RESET


async def test_a_code_that_is_too_old_gives_way_to_a_new_one(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed()
    await recovering.forget()
    await recovering.by("email")
    old = await recovering.passcode()
    org.clock.advance(timedelta(minutes=5))
    assert told(await recovering.prove()) == INVALID
    assert (await recovering.take("resend")).screen == "challenge-authenticator"
    assert told(await recovering.prove(old)) == INVALID
    assert (await recovering.prove()).names == RESET


async def test_codes_are_not_sent_one_upon_another(recovering: Recovering, org: MockOkta) -> None:
    await recovering.seed()
    await recovering.forget()
    await recovering.by("email")
    assert told(await recovering.take("resend")) == (429, ["tooManyRequests"])
    org.clock.advance(timedelta(seconds=5))
    assert told(await recovering.take("resend")) == (200, [])
    assert len(await recovering.outbox()) == 2


async def test_a_weak_password_is_refused_at_its_field(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.forget()
    await recovering.proved_by_email()
    for weak in (WEAK, ""):
        document = await recovering.set_password(weak)
        assert told(document) == (400, ["password.passwordRequirementsNotMet"])
        assert "messages" in document.field("reset-authenticator", "credentials", "passcode")
        assert "messages" not in document.body
    assert await recovering.is_password(PASSWORD)
    assert (await recovering.set_password()).interaction_code


async def test_a_password_of_before_is_refused(recovering: Recovering) -> None:
    await recovering.seed(passwords={"age": {"history_count": 4}})
    await recovering.forget()
    await recovering.proved_by_email()
    document = await recovering.set_password(PASSWORD)
    assert told(document) == (400, ["password.passwordRequirementsNotMet"])


async def test_a_name_that_nobody_has_leaves_the_form(recovering: Recovering) -> None:
    await recovering.seed()
    document = await recovering.forget("nobody@example.com")
    assert told(document) == (200, ["idx.unknown.user"])
    (message,) = document.body["messages"]["value"]
    assert message["message"] == "There is no account with the Username nobody@example.com."
    assert message["class"] == "INFO"
    assert document.screen == "identify-recovery"
    document = await recovering.take("identify-recovery", identifier=LOGIN)
    assert document.screen == "authenticator-verification-data"


async def test_an_empty_name_is_refused_at_its_field(recovering: Recovering) -> None:
    await recovering.seed()
    document = await recovering.forget("")
    assert told(document) == (400, ["registration.error.required"])
    assert "messages" in document.field("identify-recovery", "identifier")


@pytest.mark.parametrize("status", ["SUSPENDED", "STAGED", "DEPROVISIONED"])
async def test_who_may_not_sign_in_may_not_recover(recovering: Recovering, status: str) -> None:
    await recovering.seed(status=status)
    document = await recovering.forget()
    assert told(document) == NOT_ALLOWED
    assert document.screen == "identify-recovery"
    assert await recovering.outbox() == []


async def test_the_policy_of_all_takes_the_link_away(recovering: Recovering) -> None:
    await recovering.seed(passwords={"recovery": {"password_reset": False}})
    document = await recovering.begin()
    assert "recover" not in document.current
    handle = {"stateHandle": document.body["stateHandle"]}
    assert (await recovering.post("/idp/idx/recover", handle)).status == 400


async def test_the_policy_of_a_group_refuses_its_users(recovering: Recovering) -> None:
    guarded = {"recovery": {"password_reset": False}}
    await recovering.seed(of_group=guarded, groups=["Everyone", "Guarded"])
    assert told(await recovering.forget()) == NOT_ALLOWED


async def test_who_has_nothing_to_recover_by_is_refused(recovering: Recovering) -> None:
    await recovering.seed(passwords={"recovery": {"factors": ["SMS"]}})
    document = await recovering.forget()
    assert told(document) == NOT_ALLOWED
    assert document.screen == "identify-recovery"


@pytest.mark.parametrize("steps", range(4))
async def test_cancelling_leads_back_to_a_sign_in(recovering: Recovering, steps: int) -> None:
    await recovering.seed()
    first = await recovering.begin()
    await recovering.take("recover")
    if steps > 0:
        await recovering.take("identify-recovery", identifier=LOGIN)
    if steps > 1:
        await recovering.by("email")
    if steps > 2:
        await recovering.prove()
    document = await recovering.take("cancel")
    assert document.names == first.names
    assert "recoveryAuthenticator" not in document.body
    assert "user" not in document.body
    assert (await recovering.sign_in(LOGIN, PASSWORD)).interaction_code


async def test_something_else_can_be_proved_instead(recovering: Recovering) -> None:
    await recovering.seed(SMS)
    await recovering.forget()
    await recovering.choose("phone_number")
    await recovering.by("sms")
    by_phone = await recovering.passcode()
    await recovering.choose("okta_email")
    await recovering.by("email")
    assert told(await recovering.prove(by_phone)) == INVALID
    assert (await recovering.prove()).names == RESET


async def test_a_proof_of_the_name_before_is_not_kept(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.forget()
    assert (await recovering.proved_by_email()).names == RESET
    handle = {"stateHandle": recovering.document.body["stateHandle"]}
    document = await recovering.post("/idp/idx/recover", handle)
    assert document.screen == "identify-recovery"
    assert "user" not in document.body
    document = await recovering.take("identify-recovery", identifier=OTHER_LOGIN)
    assert document.screen == "authenticator-verification-data"
    # Also by the form that a client saved before, at a later screen.
    document = await recovering.post("/idp/idx/identify", handle | {"identifier": LOGIN})
    assert document.screen == "authenticator-verification-data"
    assert document.body["user"]["value"]["identifier"] == LOGIN


async def test_a_saved_form_with_another_name_asks_for_a_proof_again(
    recovering: Recovering,
) -> None:
    await recovering.seed()
    await recovering.forget()
    assert (await recovering.proved_by_email()).names == RESET
    handle = {"stateHandle": recovering.document.body["stateHandle"]}
    document = await recovering.post("/idp/idx/identify", handle | {"identifier": OTHER_LOGIN})
    assert document.screen == "authenticator-verification-data"
    assert document.body["user"]["value"]["identifier"] == OTHER_LOGIN


async def test_a_proof_of_the_sign_in_recovers_nothing(recovering: Recovering) -> None:
    await recovering.seed(SMS, passwords=BY_EMAIL, rule=ANY_FACTOR | {"require_factor": True})
    await recovering.begin()
    await recovering.take("identify", identifier=LOGIN)
    await recovering.choose("phone_number")
    await recovering.by("sms")
    await recovering.prove()
    assert recovering.document.current["key"] == "okta_password"
    document = await recovering.take("recover")
    assert document.screen == "authenticator-verification-data"
    assert document.current["key"] == "okta_email"


async def test_the_recovery_question_comes_after_the_proof(recovering: Recovering) -> None:
    await recovering.seed(
        passwords=ASKS | {"lockout": {"max_attempts": 3}}, recovery_question=QUESTION
    )
    await recovering.forget()
    document = await recovering.proved_by_email()
    assert document.names == ["challenge-authenticator"]
    assert document.current["key"] == "security_question"
    wrong = {"questionKey": "disliked_food", "answer": "spinach"}
    for _ in range(2):
        document = await recovering.take("challenge-authenticator", credentials=wrong)
        assert document.status == 401
    right = wrong | {"answer": ANSWER}
    document = await recovering.take("challenge-authenticator", credentials=right)
    assert document.names == RESET
    assert (await recovering.set_password()).interaction_code


async def test_wrong_answers_lock_out(recovering: Recovering) -> None:
    await recovering.seed(
        passwords=ASKS | {"lockout": {"max_attempts": 2}}, recovery_question=QUESTION
    )
    await recovering.forget()
    await recovering.proved_by_email()
    wrong = {"questionKey": "disliked_food", "answer": "spinach"}
    for _ in range(2):
        document = await recovering.take("challenge-authenticator", credentials=wrong)
    assert told(document) == (401, ["errors.E0000119"])
    assert await recovering.status() == "LOCKED_OUT"


async def test_who_is_suspended_on_the_way_gets_no_new_password(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.forget()
    await recovering.proved_by_email()
    await recovering.change("suspend")
    document = await recovering.set_password()
    assert told(document) == (400, ["errors.E0000004"])
    assert document.names == RESET
    await recovering.change("unsuspend")
    assert (await recovering.set_password()).interaction_code


async def test_the_password_is_new_also_for_who_is_not_let_in(recovering: Recovering) -> None:
    await recovering.seed(rule={"access": "DENY"})
    await recovering.forget()
    await recovering.proved_by_email()
    document = await recovering.set_password()
    key = "api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE"
    assert (document.status, document.keys, document.names) == (200, [key], [])
    assert "successWithInteractionCode" not in document.body
    assert (await recovering.take("cancel")).screen == "identify"


async def test_other_devices_are_signed_out_where_the_user_wants_it(
    recovering: Recovering,
) -> None:
    await recovering.seed()
    for wants, is_left in ((False, True), (True, False)):
        await recovering.visitor.sign_in()
        await recovering.begin(prompt="login")
        await recovering.take("recover")
        await recovering.take("identify-recovery", identifier=LOGIN)
        await recovering.proved_by_email()
        await recovering.set_password(PASSWORD, revokeSessions=wants)
        assert (await recovering.visitor.session_id() is not None) is is_left


async def test_of_many_new_passwords_at_once_one_counts(many: Recovering) -> None:
    await many.seed(passwords={"lockout": {"max_attempts": 0}})
    await many.forget()
    await many.proved_by_email()
    chosen = [f"Other-Pass-{number:02}" for number in range(CALLERS)]
    documents = await many.at_once(
        *(("challenge/answer", {"credentials": {"passcode": each}}) for each in chosen)
    )
    wins = ["successWithInteractionCode" in each.body for each in documents if each.status == 200]
    assert wins == [True]
    good = [await many.is_password(each) for each in chosen]
    assert good == [document.status == 200 for document in documents]


async def test_of_one_code_used_by_many_at_once_one_leads_on(many: Recovering) -> None:
    await many.seed()
    await many.forget()
    await many.by("email")
    given = {"credentials": {"passcode": await many.passcode()}}
    documents = await many.at_once(*(("challenge/answer", given) for _ in range(CALLERS)))
    # Who comes second posts the code as a new password, which is not good enough.
    assert [each.status for each in documents if each.status == 200] == [200]


async def test_two_tabs_recover_each_for_itself(recovering: Recovering, org: MockOkta) -> None:
    await recovering.seed(passwords=BY_EMAIL)
    tabs = [Recovering(recovering.visitor) for _ in range(2)]
    codes = []
    for tab in tabs:
        await tab.forget()
        await tab.by("email")
        codes.append(await tab.passcode())
    assert told(await tabs[0].prove(codes[1])) == INVALID
    for tab, code in zip(tabs, codes, strict=True):
        assert (await tab.prove(code)).names == RESET
    assert (await tabs[0].set_password()).interaction_code
    org.clock.advance(timedelta(hours=2))
    assert told(await tabs[1].set_password("Other-Pass-3")) == (401, ["idx.session.expired"])
    assert await recovering.is_password(NEW_PASSWORD)

"""Who is locked out: what they hear, what they do not, and how the account is unlocked."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.idx.following import Document
from tests.idx.recovering import (
    ANSWER,
    ANY_FACTOR,
    ASKS,
    CALLERS,
    HIDDEN,
    NEW_PASSWORD,
    QUESTION,
    SHOWN,
    SMS,
    Recovering,
    shape,
)
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, USER_ID, claims_of

LOCKED = (401, ["errors.E0000119"])
FAILED = (400, ["errors.E0000004"])
WRONG = (401, ["incorrectPassword"])
INVALID = (401, ["api.authn.error.PASSCODE_INVALID"])
UNLOCKED = ["oie.selfservice.unlock_user.success.message"]
NOT_ALLOWED = (403, ["oie.selfservice.user.unlock.not.allowed"])


def told(document: Document) -> tuple[int, list[str]]:
    """Status and keys of messages."""
    return document.status, document.keys


def seen(document: Document) -> tuple[int, list[str], list[str], list[str]]:
    """What somebody sees of a document who compares it with another user's."""
    return document.status, document.keys, document.names, sorted(document.body)


@pytest.mark.parametrize(("policy", "said"), [(SHOWN, LOCKED), (HIDDEN, FAILED)])
async def test_a_lockout_at_the_first_page_is_reported_as_the_policy_says(
    recovering: Recovering, policy: dict[str, object], said: object
) -> None:
    await recovering.seed(passwords=policy)
    first = await recovering.begin()
    assert told(await recovering.sign_in(LOGIN, "wrong")) == FAILED
    assert told(await recovering.sign_in(LOGIN, "wrong")) == said
    assert await recovering.status() == "LOCKED_OUT"
    document = await recovering.sign_in(LOGIN, PASSWORD)
    assert told(document) == said
    assert document.names == first.names


@pytest.mark.parametrize(("policy", "said"), [(SHOWN, LOCKED), (HIDDEN, WRONG)])
async def test_a_lockout_at_the_challenge_is_reported_as_the_policy_says(
    recovering: Recovering, policy: dict[str, object], said: object
) -> None:
    await recovering.seed(passwords=policy, rule=ANY_FACTOR)
    await recovering.begin()
    first = await recovering.take("identify", identifier=LOGIN)
    assert told(await recovering.prove("wrong")) == WRONG
    assert told(await recovering.prove("wrong")) == said
    assert await recovering.status() == "LOCKED_OUT"
    document = await recovering.prove(PASSWORD)
    assert told(document) == said
    assert document.names == first.names


async def test_a_hidden_lockout_does_not_show_at_any_step(recovering: Recovering) -> None:
    """Somebody who knows a name sees the same for users who are locked out and for others."""
    await recovering.seed(SMS, passwords=HIDDEN, rule=ANY_FACTOR)
    steps: list[list[object]] = []
    for locks in (False, True):
        if locks:
            await recovering.lock()
        await recovering.begin()
        said = [seen(await recovering.take("identify", identifier=LOGIN))]
        said.append(seen(await recovering.choose("phone_number")))
        said.append(seen(await recovering.by("sms")))
        said.append(seen(await recovering.prove("000000")))
        said.append(seen(await recovering.choose("okta_password")))
        said.append(seen(await recovering.prove("wrong")))
        steps.append(list(said))
        if not locks:
            await recovering.seed(SMS, passwords=HIDDEN, rule=ANY_FACTOR)
    assert steps[0] == steps[1]


async def test_what_is_right_proves_nothing_while_locked_out(recovering: Recovering) -> None:
    await recovering.seed(SMS, passwords=HIDDEN, rule=ANY_FACTOR)
    await recovering.lock()
    await recovering.begin()
    await recovering.take("identify", identifier=LOGIN)
    assert (await recovering.choose("okta_password")).screen == "challenge-authenticator"
    assert told(await recovering.prove(PASSWORD)) == WRONG
    await recovering.choose("phone_number")
    await recovering.by("sms")
    assert told(await recovering.prove()) == INVALID


async def test_a_shown_lockout_stops_at_the_name(recovering: Recovering) -> None:
    await recovering.seed(passwords=SHOWN, rule=ANY_FACTOR)
    await recovering.lock()
    await recovering.begin()
    document = await recovering.take("identify", identifier=LOGIN)
    assert told(document) == LOCKED
    assert document.screen == "identify"


async def test_time_unlocks_where_the_policy_says_so(recovering: Recovering, org: MockOkta) -> None:
    lockout = HIDDEN["lockout"] | {"auto_unlock_minutes": 4}
    await recovering.seed(SMS, passwords={"lockout": lockout}, rule=ANY_FACTOR)
    await recovering.lock()
    await recovering.begin()
    await recovering.take("identify", identifier=LOGIN)
    await recovering.choose("phone_number")
    await recovering.by("sms")
    org.clock.advance(timedelta(minutes=4))
    assert (await recovering.prove()).interaction_code


@pytest.mark.parametrize(
    ("key", "method"), [("okta_email", "email"), ("phone_number", "sms"), ("phone_number", "voice")]
)
async def test_a_proof_unlocks_the_account(recovering: Recovering, key: str, method: str) -> None:
    call = {"factor": "okta_call", "phone_number": SMS["phone_number"]}
    await recovering.seed(SMS, call, passwords=HIDDEN)
    await recovering.lock()
    document = await recovering.unlock(key)
    if key == "phone_number":
        document = await recovering.by(method)
    assert document.screen == "challenge-authenticator"
    assert document.current["key"] == key
    document = await recovering.prove()
    assert (document.status, document.keys, document.names) == (200, UNLOCKED, [])
    assert await recovering.status() == "ACTIVE"


async def test_the_form_to_unlock_is_as_the_widgets_samples_have_it(
    recovering: Recovering,
) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.begin()
    document = await recovering.take("unlock-account")
    assert document.names == ["select-authenticator-unlock-account"]
    assert shape(document, document.screen) == (
        "identifier! authenticator(id!= methodType= | id!= methodType#) stateHandle!=?"
    )
    assert document.options == ["okta_email", "phone_number"]
    assert "user" not in document.body


async def test_after_the_end_of_an_unlock_one_signs_in_as_ever(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    await recovering.unlock()
    document = await recovering.prove()
    assert document.body["user"]["value"]["identifier"] == LOGIN
    assert "successWithInteractionCode" not in document.body
    again = await recovering.introspect(stateHandle=document.body["stateHandle"])
    assert again.keys == UNLOCKED
    document = await recovering.take("cancel")
    assert document.screen == "identify"
    assert document.keys == []
    await recovering.sign_in(LOGIN, PASSWORD)
    assert claims_of((await recovering.tokens())["id_token"])["sub"] == USER_ID


async def test_who_is_not_locked_out_is_asked_for_the_same_proof(recovering: Recovering) -> None:
    await recovering.seed(SMS, passwords=HIDDEN)
    said = []
    for locks in (False, True):
        if locks:
            await recovering.lock()
        by_email = [seen(await recovering.unlock()), seen(await recovering.prove("000000"))]
        by_phone = [seen(await recovering.unlock("phone_number"))]
        said.append([*by_email, *by_phone, seen(await recovering.prove())])
    assert said[0] == said[1]
    assert said[0][-1][1] == UNLOCKED


async def test_a_name_that_nobody_has_leaves_the_form(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    document = await recovering.unlock(login="nobody@example.com")
    assert told(document) == (200, ["idx.unknown.user"])
    assert document.screen == "select-authenticator-unlock-account"
    assert (await recovering.choose("okta_email", identifier=LOGIN)).screen == (
        "challenge-authenticator"
    )


async def test_who_has_no_such_authenticator_is_refused(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    document = await recovering.unlock("phone_number")
    assert told(document) == NOT_ALLOWED
    assert document.screen == "select-authenticator-unlock-account"


async def test_an_administrators_suspension_cannot_be_unlocked(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN, status="SUSPENDED")
    assert told(await recovering.unlock()) == NOT_ALLOWED
    assert await recovering.status() == "SUSPENDED"


async def test_the_policy_takes_the_link_away(recovering: Recovering) -> None:
    await recovering.seed(passwords={"recovery": {"unlock": False}})
    document = await recovering.begin()
    assert "unlock-account" not in document.names
    handle = {"stateHandle": document.body["stateHandle"]}
    assert (await recovering.post("/idp/idx/unlock-account", handle)).status == 400


async def test_the_policy_of_a_group_refuses_its_users(recovering: Recovering) -> None:
    guarded = {"recovery": {"unlock": False}}
    await recovering.seed(of_group=guarded, groups=["Everyone", "Guarded"])
    assert told(await recovering.unlock()) == NOT_ALLOWED


async def test_the_recovery_question_is_asked_before_the_account_is_unlocked(
    recovering: Recovering,
) -> None:
    await recovering.seed(passwords=ASKS | HIDDEN | {"name": "Asks"}, recovery_question=QUESTION)
    await recovering.lock()
    await recovering.unlock()
    document = await recovering.prove()
    assert document.current["key"] == "security_question"
    assert await recovering.status() == "LOCKED_OUT"
    answer = {"questionKey": "disliked_food", "answer": ANSWER}
    document = await recovering.take("challenge-authenticator", credentials=answer)
    assert document.keys == UNLOCKED
    assert await recovering.status() == "ACTIVE"


async def test_another_proof_unlocks_as_well(recovering: Recovering) -> None:
    await recovering.seed(SMS, passwords=HIDDEN)
    await recovering.lock()
    await recovering.unlock()
    await recovering.choose("phone_number")
    await recovering.by("sms")
    assert (await recovering.prove()).keys == UNLOCKED


@pytest.mark.parametrize("steps", range(2))
async def test_cancelling_leaves_the_account_locked(recovering: Recovering, steps: int) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    first = await recovering.begin()
    await recovering.take("unlock-account")
    if steps:
        await recovering.choose("okta_email", identifier=LOGIN)
    document = await recovering.take("cancel")
    assert document.names == first.names
    assert told(await recovering.sign_in(LOGIN, PASSWORD)) == FAILED


async def test_an_unlock_begins_again_for_somebody_else(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.unlock()
    handle = {"stateHandle": recovering.document.body["stateHandle"]}
    document = await recovering.post("/idp/idx/unlock-account", handle)
    assert document.screen == "select-authenticator-unlock-account"
    document = await recovering.choose("okta_email", identifier=OTHER_LOGIN)
    assert document.body["user"]["value"]["identifier"] == OTHER_LOGIN


async def test_a_code_that_is_too_old_unlocks_nothing(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    await recovering.unlock()
    org.clock.advance(timedelta(minutes=5))
    assert told(await recovering.prove()) == INVALID
    assert await recovering.status() == "LOCKED_OUT"


async def test_a_new_password_unlocks_too(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    await recovering.forget()
    await recovering.proved_by_email()
    assert await recovering.status() == "LOCKED_OUT"
    assert (await recovering.set_password(NEW_PASSWORD)).interaction_code
    assert await recovering.status() == "ACTIVE"


async def test_an_expired_password_stays_so_when_unlocked(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN, status="PASSWORD_EXPIRED")
    await recovering.lock()
    await recovering.unlock()
    assert (await recovering.prove()).keys == UNLOCKED
    assert await recovering.status() == "PASSWORD_EXPIRED"
    await recovering.take("cancel")
    assert (await recovering.sign_in(LOGIN, PASSWORD)).screen == "reenroll-authenticator"


async def test_of_many_proofs_at_once_one_unlocks(many: Recovering) -> None:
    await many.seed(passwords=HIDDEN)
    await many.lock()
    await many.unlock()
    given = {"credentials": {"passcode": await many.passcode()}}
    documents = await many.at_once(*(("challenge/answer", given) for _ in range(CALLERS)))
    assert [each.keys for each in documents if each.status == 200] == [UNLOCKED]
    assert await many.status() == "ACTIVE"

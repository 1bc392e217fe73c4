"""Passwords that have expired, and those that soon will."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.idx.recovering import CALLERS, NEW_PASSWORD, SMS, WEAK, Recovering, shape
from tests.visiting import LOGIN, PASSWORD, claims_of

AGED = {"age": {"max_age_days": 90, "expire_warn_days": 5, "history_count": 4}}
EXPIRED, WARNING = "reenroll-authenticator", "reenroll-authenticator-warning"


async def test_a_password_that_was_expired_is_replaced(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.change("expire_password")
    await recovering.begin()
    document = await recovering.sign_in(LOGIN, PASSWORD)
    assert document.names == [EXPIRED]
    assert shape(document, EXPIRED) == "credentials!(passcode*) stateHandle!=?"
    assert document.form(EXPIRED)["relatesTo"] == ["$.currentAuthenticator"]
    assert "daysToExpiry" not in document.current["settings"]
    assert (await recovering.set_password(form=EXPIRED)).names == []
    assert claims_of((await recovering.tokens())["id_token"])["amr"] == ["pwd"]
    assert await recovering.status() == "ACTIVE"
    assert not await recovering.is_password(PASSWORD)


async def test_age_warns_first_and_then_expires(recovering: Recovering, org: MockOkta) -> None:
    await recovering.seed(passwords=AGED)
    for days, screen in ((84, None), (2, WARNING), (4, EXPIRED)):
        org.clock.advance(timedelta(days=days))
        await recovering.begin()
        document = await recovering.sign_in(LOGIN, PASSWORD)
        assert document.names[:1] == ([] if screen is None else [screen])


async def test_a_warning_counts_the_days_and_names_the_org(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed(passwords=AGED)
    org.clock.advance(timedelta(days=86))
    await recovering.begin()
    document = await recovering.sign_in(LOGIN, PASSWORD)
    assert document.names == [WARNING, "skip"]
    assert shape(document, WARNING) == "credentials!(passcode*) stateHandle!=?"
    assert document.current["settings"]["daysToExpiry"] in (3, 4)
    (message,) = document.body["messages"]["value"]
    assert message["i18n"] == {"key": "idx.password.expiring.message", "params": ["Mock Okta"]}
    assert message["class"] == "INFO"
    again = await recovering.introspect(stateHandle=document.body["stateHandle"])
    assert again.names == document.names


async def test_a_warning_can_be_put_off(recovering: Recovering, org: MockOkta) -> None:
    await recovering.seed(passwords=AGED)
    org.clock.advance(timedelta(days=86))
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    document = await recovering.take("skip")
    assert (document.names, document.keys) == ([], [])
    assert document.interaction_code
    assert await recovering.is_password(PASSWORD)
    await recovering.begin()
    assert (await recovering.sign_in(LOGIN, PASSWORD)).screen == WARNING


async def test_who_heeds_a_warning_is_not_warned_again(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed(passwords=AGED)
    org.clock.advance(timedelta(days=86))
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    assert (await recovering.set_password(form=WARNING)).interaction_code
    await recovering.begin()
    assert (await recovering.sign_in(LOGIN, NEW_PASSWORD)).interaction_code


async def test_an_expired_password_cannot_be_put_off(recovering: Recovering) -> None:
    await recovering.seed(status="PASSWORD_EXPIRED")
    await recovering.begin()
    document = await recovering.sign_in(LOGIN, PASSWORD)
    handle = {"stateHandle": document.body["stateHandle"]}
    refused = await recovering.post("/idp/idx/skip", handle)
    assert (refused.status, refused.names) == (400, document.names)


@pytest.mark.parametrize("given", [WEAK, "", PASSWORD])
async def test_what_the_policy_refuses_stands_at_the_field(
    recovering: Recovering, given: str
) -> None:
    await recovering.seed(passwords=AGED, status="PASSWORD_EXPIRED")
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    document = await recovering.set_password(given, form=EXPIRED)
    assert (document.status, document.keys) == (400, ["password.passwordRequirementsNotMet"])
    assert "messages" in document.field(EXPIRED, "credentials", "passcode")
    assert await recovering.status() == "PASSWORD_EXPIRED"
    assert (await recovering.set_password(form=EXPIRED)).interaction_code


async def test_cancelling_leaves_the_password_expired(recovering: Recovering) -> None:
    await recovering.seed(status="PASSWORD_EXPIRED")
    first = await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    assert (await recovering.take("cancel")).names == first.names
    assert (await recovering.sign_in(LOGIN, PASSWORD)).screen == EXPIRED


async def test_the_sign_in_that_led_there_ends_in_time(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed(status="PASSWORD_EXPIRED")
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    org.clock.advance(timedelta(hours=2))
    document = await recovering.set_password(form=EXPIRED)
    assert (document.status, document.keys) == (401, ["idx.session.expired"])
    assert await recovering.status() == "PASSWORD_EXPIRED"


async def test_a_factor_comes_before_the_new_password(recovering: Recovering) -> None:
    await recovering.seed(SMS, rule={"require_factor": True}, status="PASSWORD_EXPIRED")
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    await recovering.by("sms")
    assert (await recovering.prove()).names == [EXPIRED]
    await recovering.set_password(form=EXPIRED)
    assert set(claims_of((await recovering.tokens())["id_token"])["amr"]) == {"mfa", "pwd", "sms"}


async def test_who_is_suspended_on_the_way_keeps_the_old_password(recovering: Recovering) -> None:
    await recovering.seed(status="PASSWORD_EXPIRED")
    await recovering.begin()
    await recovering.sign_in(LOGIN, PASSWORD)
    await recovering.change("deactivate")
    document = await recovering.set_password(form=EXPIRED)
    assert (document.status, document.keys) == (400, ["errors.E0000004"])
    assert document.names == [EXPIRED]


async def test_of_many_new_passwords_at_once_one_counts(many: Recovering) -> None:
    await many.seed(passwords={"lockout": {"max_attempts": 0}}, status="PASSWORD_EXPIRED")
    await many.begin()
    await many.sign_in(LOGIN, PASSWORD)
    chosen = [f"Other-Pass-{number:02}" for number in range(CALLERS)]
    documents = await many.at_once(
        *(("challenge/answer", {"credentials": {"passcode": each}}) for each in chosen)
    )
    good = [await many.is_password(each) for each in chosen]
    assert good == [document.status == 200 for document in documents]
    assert sum(good) == 1


async def test_who_puts_off_and_who_changes_come_out_one_way_or_the_other(
    many: Recovering,
) -> None:
    await many.seed(passwords=AGED | {"lockout": {"max_attempts": 0}}, password_age_days=86)
    await many.begin()
    await many.sign_in(LOGIN, PASSWORD)
    change = ("challenge/answer", {"credentials": {"passcode": NEW_PASSWORD}})
    documents = await many.at_once(*(("skip", {}), change) * 8)
    wins = [each.status == 200 for each in documents]
    assert sum(wins) == 1
    assert await many.is_password(NEW_PASSWORD) is any(wins[1::2])

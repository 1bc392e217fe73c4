"""Links of e-mails: to activate, to reset a password, to unlock; by an app or the org's page."""

import asyncio
from datetime import timedelta

import pytest

from mock_okta import Config, MockOkta
from tests.idx.conftest import identity
from tests.idx.following import Document, Following
from tests.idx.recovering import (
    ANSWER,
    ASKS,
    CALLERS,
    HIDDEN,
    NEW_PASSWORD,
    QUESTION,
    WEAK,
    Recovering,
)
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, PASSWORD, SPA, USER_ID, claims_of

RESET = ["reset-authenticator"]
EXPIRED, MISSING = ["idx.expired.activation.token"], ["idx.missing.activation.token"]
UNLOCKED = ["oie.selfservice.unlock_user.success.message"]
FORGOT, ADMIN = ["idx.invalid.forgot.password.token"], ["idx.invalid.reset.password.token"]
WEEK = timedelta(days=7)


@pytest.fixture
def config() -> Config:
    """Override: the release on the org's own page speaks to the Identity Engine."""
    return Config(seed=identity(), widget_version="7.49.0")


async def _activating(recovering: Recovering) -> str:
    """Have a user who was sent a link to activate their account; return its token."""
    await recovering.seed(status="STAGED", password="")
    await recovering.change("activate")
    return (await recovering.link()).rpartition("/")[2]


async def _sent(recovering: Recovering, what: str) -> str:
    """Have Okta's Authentication API send a link to recover; return the link."""
    body = {"username": LOGIN, "factorType": "EMAIL"}
    path = f"/api/v1/authn/recovery/{what}"
    answer = await recovering.visitor.ask("POST", path, json=body)
    assert answer.status == 200, answer.text
    return await recovering.link()


async def _interaction(recovering: Recovering, **token: str) -> str:
    asked = {
        "client_id": SPA,
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **token,
    }
    return str((await recovering.visitor.post("interact", asked)).json()["interaction_handle"])


async def _status_of_session(recovering: Recovering) -> str | None:
    """Follow the way out of a sign-in on the org's page; return whose session began."""
    href = recovering.document.body["success"]["href"]
    answer = await recovering.visitor.ask("GET", href)
    assert answer.location == f"{recovering.visitor.org.url}/app/UserHome"
    me = await recovering.visitor.ask("GET", "/api/v1/sessions/me")
    return str(me.json()["login"]) if me.status == 200 else None


async def test_who_has_no_password_sets_one_and_is_signed_in(recovering: Recovering) -> None:
    token = await _activating(recovering)
    document = await recovering.begin(activation_token=token)
    assert document.names == RESET
    assert "recoveryAuthenticator" not in document.body
    assert document.body["user"]["value"]["identifier"] == LOGIN
    assert await recovering.status() == "PROVISIONED"
    document = await recovering.set_password(WEAK)
    assert (document.status, document.keys) == (400, ["password.passwordRequirementsNotMet"])
    assert (await recovering.set_password()).names == []
    assert claims_of((await recovering.tokens())["id_token"])["sub"] == USER_ID
    assert await recovering.status() == "ACTIVE"


async def test_on_the_orgs_own_page_it_ends_in_a_session(recovering: Recovering) -> None:
    await _activating(recovering)
    document = await recovering.open(await recovering.link())
    assert document.names == RESET
    assert document.body["stateHandle"].startswith("02.")
    recovering.seen.append(document)
    await recovering.set_password()
    assert await _status_of_session(recovering) == LOGIN


@pytest.mark.parametrize("path", ["cancel", "poll"])
async def test_nothing_but_a_password_ends_an_activation(recovering: Recovering, path: str) -> None:
    await _activating(recovering)
    recovering.seen.append(await recovering.open(await recovering.link()))
    handle = {"stateHandle": recovering.document.body["stateHandle"]}
    where = {"cancel": "cancel", "poll": "challenge/poll"}[path]
    document = await recovering.post(f"/idp/idx/{where}", handle)
    assert document.screen == ("identify" if path == "cancel" else "reset-authenticator")
    assert await recovering.status() == "PROVISIONED"


async def test_a_link_that_has_expired_offers_another(
    recovering: Recovering, org: MockOkta
) -> None:
    await _activating(recovering)
    old = await recovering.link()
    org.clock.advance(WEEK)
    document = await recovering.open(old)
    assert (document.status, document.keys) == (200, EXPIRED)
    assert document.names == ["request-activation-email"]
    assert document.form("request-activation-email")["href"].endswith("/request-activation")
    assert [each["name"] for each in document.form("request-activation-email")["value"]] == [
        "stateHandle"
    ]
    assert document.body["user"]["value"]["identifier"] == LOGIN
    recovering.seen.append(document)
    document = await recovering.take("request-activation-email")
    assert (document.status, document.keys) == (200, ["idx.request.activation.email"])
    assert document.names == []
    new = await recovering.link()
    assert new != old
    recovering.seen.append(await recovering.open(new))
    await recovering.set_password()
    assert await _status_of_session(recovering) == LOGIN


async def test_a_token_that_expires_before_the_app_comes_back_with_it(
    recovering: Recovering, org: MockOkta
) -> None:
    token = await _activating(recovering)
    org.clock.advance(WEEK - timedelta(minutes=1))
    handle = await _interaction(recovering, activation_token=token)
    org.clock.advance(timedelta(minutes=1))
    document = await recovering.introspect(interactionHandle=handle)
    assert (document.keys, document.names) == (EXPIRED, ["request-activation-email"])
    await recovering.take("request-activation-email")
    again = (await recovering.link()).rpartition("/")[2]
    await recovering.begin(activation_token=again)
    assert (await recovering.set_password()).interaction_code


async def test_an_app_hears_by_interact_of_a_token_that_has_expired(
    recovering: Recovering, org: MockOkta
) -> None:
    token = await _activating(recovering)
    org.clock.advance(WEEK)
    asked = {
        "client_id": SPA,
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "activation_token": token,
    }
    answer = await recovering.visitor.post("interact", asked)
    assert answer.status == 400
    assert answer.json()["error_description"] == "The activation token is invalid"


async def test_who_left_before_the_password_was_set_may_ask_for_another_link(
    recovering: Recovering,
) -> None:
    await _activating(recovering)
    link = await recovering.link()
    await recovering.open(link)
    document = await recovering.open(link)
    assert (document.keys, document.names) == (EXPIRED, ["request-activation-email"])


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        ("ACTIVE", MISSING),
        ("DEPROVISIONED", MISSING),
        ("SUSPENDED", ["idx.activating.inactive.user"]),
    ],
)
async def test_who_is_not_to_be_activated_hears_so(
    recovering: Recovering, status: str, keys: list[str]
) -> None:
    await _activating(recovering)
    link = await recovering.link()
    await recovering.seed(status=status)
    document = await recovering.open(link)
    assert (document.keys, document.names) == (keys, [])
    assert "user" not in document.body


async def test_a_link_that_never_was_is_reported_as_one_of_who_is_active(
    recovering: Recovering,
) -> None:
    url = recovering.visitor.org.url
    document = await recovering.open(f"{url}/welcome/made-up")
    assert (document.status, document.keys, document.names) == (200, MISSING, [])


async def test_who_is_activated_meanwhile_gets_no_mail_and_the_same_answer(
    recovering: Recovering, org: MockOkta
) -> None:
    await _activating(recovering)
    org.clock.advance(WEEK)
    recovering.seen.append(await recovering.open(await recovering.link()))
    before = len(await recovering.outbox())
    await recovering.seed(status="ACTIVE")
    document = await recovering.take("request-activation-email")
    assert document.keys == ["idx.request.activation.email"]
    assert len(await recovering.outbox()) == before


async def test_of_many_requests_at_once_one_mail_is_sent(many: Recovering, org: MockOkta) -> None:
    await _activating(many)
    org.clock.advance(WEEK)
    many.seen.append(await many.open(await many.link()))
    before = len(await many.outbox())
    await many.at_once(*(("request-activation", {}) for _ in range(CALLERS)))
    assert len(await many.outbox()) == before + 1


async def test_a_new_user_who_chose_a_password_is_signed_in_by_the_link(
    recovering: Recovering,
) -> None:
    policy = {"registration": {"activation_email": True}}
    await recovering.visitor.ask("PUT", "/_mock/seed", json=policy)
    form = (await recovering.visitor.ask("GET", "/api/v1/registration/form")).json()
    profile = {"email": "new@example.com", "password": NEW_PASSWORD}
    await recovering.visitor.ask(
        "POST",
        f"/api/v1/registration/{form['policyId']}/register",
        json={"userProfile": profile | {"firstName": "New", "lastName": "User"}},
    )
    recovering.seen.append(await recovering.open(await recovering.link()))
    assert await _status_of_session(recovering) == "new@example.com"


async def test_a_link_to_reset_the_password_leads_to_the_new_one(recovering: Recovering) -> None:
    await recovering.seed()
    document = await recovering.open(await _sent(recovering, "password"))
    assert document.names == RESET
    assert document.body["intent"] == "RECOVERY"
    assert "recoveryAuthenticator" in document.body
    recovering.seen.append(document)
    await recovering.set_password()
    assert await _status_of_session(recovering) == LOGIN
    assert await recovering.is_password(NEW_PASSWORD)


async def test_an_administrators_reset_leads_there_as_well(recovering: Recovering) -> None:
    await recovering.seed()
    await recovering.change("reset_password")
    link = await recovering.link()
    recovering.seen.append(await recovering.open(link))
    assert recovering.document.names == RESET
    await recovering.set_password()
    assert await recovering.status() == "ACTIVE"
    await recovering.change("reset_password")
    assert (await recovering.open(link)).keys == ADMIN


async def test_an_app_goes_on_with_the_token_of_a_link(recovering: Recovering) -> None:
    await recovering.seed()
    token = (await _sent(recovering, "password")).rpartition("/")[2]
    assert (await recovering.begin(recovery_token=token)).names == RESET
    assert (await recovering.set_password()).interaction_code


async def test_a_link_to_unlock_unlocks(recovering: Recovering) -> None:
    await recovering.seed(passwords=HIDDEN)
    await recovering.lock()
    link = await _sent(recovering, "unlock")
    document = await recovering.open(link)
    assert (document.keys, document.names) == (UNLOCKED, [])
    assert document.body["user"]["value"]["identifier"] == LOGIN
    assert await recovering.status() == "ACTIVE"
    recovering.seen.append(document)
    await recovering.take("cancel")
    await recovering.sign_in(LOGIN, PASSWORD)
    assert await _status_of_session(recovering) == LOGIN
    assert (await recovering.open(link)).keys == ["oie.selfservice.unlock_user.failed.message"]


async def test_a_link_does_not_stand_in_for_the_recovery_question(recovering: Recovering) -> None:
    await recovering.seed(passwords=ASKS | HIDDEN, recovery_question=QUESTION)
    await recovering.lock()
    for what, ends in (("password", RESET), ("unlock", [])):
        document = await recovering.open(await _sent(recovering, what))
        assert document.current["key"] == "security_question"
        assert await recovering.status() == "LOCKED_OUT"
        recovering.seen.append(document)
        answer = {"questionKey": "disliked_food", "answer": ANSWER}
        document = await recovering.take("challenge-authenticator", credentials=answer)
        assert document.names == ends
    assert await recovering.status() == "ACTIVE"


async def test_a_link_to_reset_works_once_and_not_for_ever(
    recovering: Recovering, org: MockOkta
) -> None:
    await recovering.seed()
    link = await _sent(recovering, "password")
    await recovering.open(link)
    document = await recovering.open(link)
    assert (document.status, document.keys, document.names) == (200, FORGOT, [])
    late = await _sent(recovering, "password")
    org.clock.advance(timedelta(hours=1))
    assert (await recovering.open(late)).keys == FORGOT
    url = recovering.visitor.org.url
    assert (await recovering.open(f"{url}/signin/reset-password/made-up")).keys == FORGOT


async def test_looking_whether_a_link_is_there_does_not_spend_it(recovering: Recovering) -> None:
    await recovering.seed()
    link = await _sent(recovering, "password")
    assert (await recovering.visitor.ask("HEAD", link)).status == 405
    assert (await recovering.open(link)).names == RESET


async def test_a_page_is_loaded_again_where_the_link_led_to(recovering: Recovering) -> None:
    await recovering.seed()
    answer = await recovering.visitor.ask("GET", await _sent(recovering, "password"))
    for _ in range(2):
        page = await recovering.visitor.ask("GET", answer.location)
        assert page.status == 200
    token = answer.location.rpartition("/")[2].partition("?")[0]
    assert token.startswith("02.")
    assert (await recovering.introspect(stateToken=token)).names == RESET


@pytest.mark.parametrize("config", [Config(seed=identity(), widget_version="3.2.2")])
async def test_a_release_of_before_goes_on_by_the_authentication_api(
    recovering: Recovering,
) -> None:
    await recovering.seed()
    link = await _sent(recovering, "password")
    page = await recovering.visitor.ask("GET", link)
    token = link.rpartition("/")[2]
    assert f"recoveryToken: '{token}'" in page.text.replace("\\x2D", "-").replace("\\x5F", "_")
    body = {"recoveryToken": token}
    answer = await recovering.visitor.ask("POST", "/api/v1/authn/recovery/token", json=body)
    assert answer.json()["status"] == "PASSWORD_RESET"
    await recovering.seed(status="STAGED", password="")
    await recovering.change("activate")
    place = (await recovering.visitor.ask("GET", await recovering.link())).location
    assert place.rpartition("/")[2].startswith("00")


async def test_who_is_not_let_in_reads_why_on_the_page(recovering: Recovering) -> None:
    policy = {"registration": {"activation_email": True}}
    rule = {"sign_on_policies": [{"rules": [{"access": "DENY"}]}]}
    await recovering.visitor.ask("PUT", "/_mock/seed", json=policy | rule)
    form = (await recovering.visitor.ask("GET", "/api/v1/registration/form")).json()
    profile = {"email": "new@example.com", "password": NEW_PASSWORD}
    await recovering.visitor.ask(
        "POST",
        f"/api/v1/registration/{form['policyId']}/register",
        json={"userProfile": profile | {"firstName": "New", "lastName": "User"}},
    )
    document = await recovering.open(await recovering.link())
    assert (document.keys, document.names) == (["security.access_denied"], [])
    assert "success" not in document.body


async def test_of_a_link_opened_by_many_at_once_one_leads_on(many: Recovering) -> None:
    await many.seed()
    link = await _sent(many, "password")
    documents: list[Document] = list(
        await asyncio.gather(*(many.open(link) for _ in range(CALLERS)))
    )
    assert [each.names for each in documents if not each.keys] == [RESET]
    assert [each.keys for each in documents].count(FORGOT) == CALLERS - 1


async def test_of_many_who_introspect_at_once_all_find_the_one_that_began(
    many: Recovering,
) -> None:
    token = await _activating(many)
    handle = await _interaction(many, activation_token=token)
    others = [Following(many.visitor) for _ in range(CALLERS)]
    documents = await asyncio.gather(
        *(each.introspect(interactionHandle=handle) for each in others)
    )
    assert {each.status for each in documents} == {200}
    assert len({each.body["stateHandle"] for each in documents}) == 1
    again = await many.introspect(interactionHandle=handle)
    assert again.names == RESET

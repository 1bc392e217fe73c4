"""`idx.*` of okta-auth-js, unmodified, in Node: 7.14, and 8 in both of its ways."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import msgspec
import pytest

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    Seed,
    SeedEnrollmentPolicy,
    SeedFactor,
    SeedRegistration,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.clients.conftest import OPEN_TO_CLIENTS, Node, Settings
from tests.idx.conftest import identity
from tests.visiting import APP, LOGIN, OTHER_SPA, PASSWORD, USER_ID

pytestmark = pytest.mark.network

PHONE = "+14155550123"
LANDING = f"{APP}/verify-email"
TWO_FACTORS, NAME_FIRST = "Two factors", "Name first"
WRONG_CODE = "api.authn.error.PASSCODE_INVALID"
WEAK_PASSWORD = "password.passwordRequirementsNotMet"
Account = Mapping[str, Any]


def _user(
    name: str, *factors: Mapping[str, Any], group: str = TWO_FACTORS, **more: Any
) -> SeedUser:
    """Somebody who needs a second factor if they have one."""
    return SeedUser(
        login=f"{name}@example.com",
        password=PASSWORD,
        groups=tuple({"Everyone", group}) if factors else ("Everyone",),
        factors=tuple(SeedFactor(**each) for each in factors),
        **more,
    )


EMAIL = {"factor": "okta_email"}
GOOGLE = {"factor": "google_otp"}
SMS = {"factor": "okta_sms", "phone_number": PHONE}
PUSH = {"factor": "okta_push"}
QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "sprouts"}
PEOPLE = (
    _user("email", EMAIL),
    _user("resend", EMAIL),
    _user("linked", EMAIL),
    _user("sms", SMS),
    _user("phoned", SMS, group="Everyone"),
    _user("google", GOOGLE),
    _user("choice", GOOGLE, EMAIL),
    _user("question", EMAIL, QUESTION, group=NAME_FIRST),
    _user("poll", EMAIL),
    _user("push", PUSH),
    _user("reject", PUSH, EMAIL),
    _user("forgetful"),
    _user("locked", status="LOCKED_OUT"),
)


def _seed() -> Seed:
    """Return an org of these people, where one app has a page of its own for links."""
    seed = identity(OPEN_TO_CLIENTS)
    clients = tuple(
        msgspec.structs.replace(client, email_callback_uri=LANDING)
        if client.client_id == OTHER_SPA
        else client
        for client in seed.clients
    )
    policies = tuple(
        SeedSignOnPolicy(name=name, groups=(name,), rules=(SeedSignOnRule(require_factor=True),))
        for name in (TWO_FACTORS, NAME_FIRST)
    )
    return msgspec.structs.replace(
        seed,
        users=(*seed.users, *PEOPLE),
        clients=clients,
        sign_on_policies=(*policies, SeedSignOnPolicy()),
        enrollment_policies=(SeedEnrollmentPolicy(),),
        registration=SeedRegistration(activation_email=True),
    )


PASSWORDLESS = {"require_factor": True, "primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
TOLD = {
    "linked_spa": OTHER_SPA,
    "phone": PHONE,
    "name_first": {
        "sign_on_policies": [{"name": NAME_FIRST, "groups": [NAME_FIRST], "rules": [PASSWORDLESS]}]
    },
}
LIBRARIES = {
    "7.14": {"library": "okta-auth-js-7", "chains": True, "legacy": False},
    "8": {"library": "@okta/okta-auth-js", "chains": False, "legacy": False},
    "8-legacy": {"library": "@okta/okta-auth-js", "chains": True, "legacy": True},
}


@pytest.fixture(scope="module", params=LIBRARIES)
def accounts(
    request: pytest.FixtureRequest,
    node: Node,
    shared_pool: KeyPool,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, Account]]:
    """What the library said in each flow."""
    with MockOkta(Config(tls=True, seed=_seed()), key_pool=shared_pool) as org:
        settings = Settings(url=org.url, issuer=org.issuer(), ca_path=str(org.ca_path))
        told = asdict(settings) | TOLD | LIBRARIES[request.param]
        yield node.run("okta-auth-js-idx.mjs", told, tmp_path_factory.mktemp("idx"))


def at(step: str, *keys: str) -> tuple[str, str, list[str]]:
    """Return where a transaction waits, and the keys of the messages there."""
    return "PENDING", step, list(keys)


def standing(account: Account) -> tuple[str, str | None, list[str]]:
    """Return where the library says that the transaction stands, to be compared with `at`."""
    keys = [key for key, _ in account.get("said", [])]
    return account["status"], account.get("step"), keys


def signed_in(account: Account) -> tuple[str, list[str]]:
    """Return who has tokens, and by what; the library has verified them."""
    assert account["status"] == "SUCCESS", account
    return account["login"], account["amr"]


def test_a_password_ends_in_tokens(accounts: Mapping[str, Account]) -> None:
    seen = accounts["password"]
    assert (seen["subject"], *signed_in(seen)) == (USER_ID, LOGIN, ["pwd"])
    assert seen["user"] == LOGIN
    assert seen["spent"].startswith("invalid_grant")
    assert seen["remembers"] is False


def test_a_wrong_password_leaves_the_form(accounts: Mapping[str, Account]) -> None:
    seen = accounts["wrongPassword"]
    assert standing(seen["wrong"]) == at("identify", "errors.E0000004")
    assert seen["wrong"]["said"] == [["errors.E0000004", "Authentication failed"]]
    assert signed_in(seen["again"]) == (LOGIN, ["pwd"])


def test_a_sign_in_begins_without_values(accounts: Mapping[str, Account]) -> None:
    seen = accounts["onDemand"]
    assert seen["first"]["status"] == "PENDING"
    assert signed_in(seen["done"]) == (LOGIN, ["pwd"])


def test_an_email_is_the_second_factor(accounts: Mapping[str, Account]) -> None:
    seen = accounts["email"]
    assert standing(seen["listed"]) == at("authenticator-verification-data")
    assert standing(seen["sent"]) == at("challenge-authenticator")
    assert standing(seen["wrong"]) == at("challenge-authenticator", WRONG_CODE)
    assert seen["wrong"]["said"] == [[WRONG_CODE, "Invalid code. Try again."]]
    assert signed_in(seen["done"]) == ("email@example.com", ["mfa", "email", "pwd"])


def test_an_email_is_sent_again(accounts: Mapping[str, Account]) -> None:
    seen = accounts["resend"]
    assert (seen["can"], seen["another"]) == (True, True)
    assert signed_in(seen["done"]) == ("resend@example.com", ["mfa", "email", "pwd"])


def test_a_text_message_is_the_second_factor(accounts: Mapping[str, Account]) -> None:
    seen = accounts["sms"]
    assert standing(seen["sent"]) == at("challenge-authenticator")
    assert signed_in(seen["done"]) == ("sms@example.com", ["mfa", "pwd", "sms"])


def test_google_authenticator_is_the_second_factor(accounts: Mapping[str, Account]) -> None:
    seen = accounts["google"]
    key = "authfactor.challenge.soft_token.invalid_passcode"
    said = "Your code doesn't match our records. Please try again."
    assert standing(seen["wrong"]) == at("challenge-authenticator", key)
    assert seen["wrong"]["said"] == [[key, said]]
    assert signed_in(seen["done"]) == ("google@example.com", ["mfa", "otp", "pwd"])


def test_another_authenticator_is_chosen_from_the_list(accounts: Mapping[str, Account]) -> None:
    seen = accounts["choice"]
    assert standing(seen["listed"]) == at("select-authenticator-authenticate")
    assert standing(seen["first"]) == at("challenge-authenticator")
    assert signed_in(seen["done"]) == ("choice@example.com", ["mfa", "email", "pwd"])


def test_a_push_is_waited_for(accounts: Mapping[str, Account]) -> None:
    seen = accounts["push"]
    assert standing(seen["sent"]) == standing(seen["waiting"]) == at("challenge-poll")
    assert signed_in(seen["done"]) == ("push@example.com", ["mfa", "pwd", "swk"])


def test_a_push_is_rejected(accounts: Mapping[str, Account]) -> None:
    seen = accounts["rejectedPush"]
    rejected = ["api.authn.poll.error.push_rejected", "You have chosen to reject this login."]
    assert (seen["status"], seen["said"]) == ("PENDING", [rejected])
    assert seen["step"] in ("resend", "select-authenticator-authenticate")


def test_a_link_that_is_opened_elsewhere_leaves_a_sign_in_where_it_is(
    accounts: Mapping[str, Account],
) -> None:
    seen = accounts["emailPoll"]
    assert seen["page"] == 200
    assert standing(seen["waiting"]) == at("challenge-authenticator")
    assert signed_in(seen["done"]) == ("poll@example.com", ["mfa", "email", "pwd"])


def test_a_link_leads_to_the_apps_own_page(accounts: Mapping[str, Account]) -> None:
    seen = accounts["emailCallback"]
    assert (seen["page"], seen["isCallback"]) == (LANDING, True)
    said = f"Enter the OTP code in the originating client: {seen['otp']}"
    assert seen["elsewhere"] == [True, said]
    assert signed_in(seen["done"]) == ("linked@example.com", ["mfa", "email", "pwd"])


def test_somebody_registers_and_proves_the_address(accounts: Mapping[str, Account]) -> None:
    seen = accounts["register"]
    assert standing(seen["form"]) == at("enroll-profile")
    [(_, weak)] = seen["weak"]["said"]
    assert weak.startswith("Password requirements were not met.")
    taken = ["registration.error.notUniqueWithinOrg", "A user with this Email already exists"]
    assert seen["taken"]["said"] == [taken]
    assert standing(seen["enrols"]) == at("enroll-authenticator")
    assert signed_in(seen["done"]) == ("new@example.com", ["mfa", "email", "pwd"])


def test_somebody_registers_with_a_password_alone(accounts: Mapping[str, Account]) -> None:
    assert signed_in(accounts["registerAtOnce"]) == ("other-new@example.com", ["pwd"])


def test_somebody_registers_by_their_profile_alone(accounts: Mapping[str, Account]) -> None:
    seen = accounts["registerByProfile"]
    assert standing(seen["form"]) == at("enroll-profile")
    assert standing(seen["listed"]) == at("select-authenticator-enroll")
    assert seen["listed"]["options"] == ["Password", "Email"]
    assert standing(seen["weak"]) == at("enroll-authenticator", WEAK_PASSWORD)
    assert standing(seen["left"]) == at("select-authenticator-enroll")
    assert seen["left"]["options"] == ["Email"]
    assert standing(seen["sent"]) == at("enroll-authenticator")
    assert signed_in(seen["done"]) == ("third-new@example.com", ["mfa", "email", "pwd"])
    assert signed_in(seen["again"]) == ("third-new@example.com", ["pwd"])


def test_a_password_is_recovered_by_email(accounts: Mapping[str, Account]) -> None:
    seen = accounts["recoverPassword"]
    assert standing(seen["asked"]) == at("identify-recovery")
    assert standing(seen["sent"]) == at("challenge-authenticator")
    assert standing(seen["wrong"]) == at("challenge-authenticator", WRONG_CODE)
    assert standing(seen["resets"]) == at("reset-authenticator")
    assert standing(seen["weak"]) == at("reset-authenticator", WEAK_PASSWORD)
    assert seen["done"]["status"] == "SUCCESS"
    assert signed_in(seen["again"]) == ("forgetful@example.com", ["pwd"])


def test_a_recovery_by_all_that_is_said_at_once_does_not_go_round(
    accounts: Mapping[str, Account],
) -> None:
    seen = accounts["recoverUpFront"]
    assert standing(seen["sent"]) == at("challenge-authenticator")
    assert signed_in(seen["done"])[0] == "phoned@example.com"
    assert seen["calls"] < 10


def test_an_account_is_unlocked(accounts: Mapping[str, Account]) -> None:
    seen = accounts["unlockAccount"]
    assert standing(seen["locked"]) == at("identify", "errors.E0000004")
    assert standing(seen["listed"]) == at("select-authenticator-unlock-account")
    assert standing(seen["sent"]) == at("challenge-authenticator")
    unlocked = "oie.selfservice.unlock_user.success.message"
    assert standing(seen["done"]) == ("TERMINAL", None, [unlocked])
    assert signed_in(seen["again"]) == ("locked@example.com", ["pwd"])


def test_a_transaction_tells_what_it_offers(accounts: Mapping[str, Account]) -> None:
    seen = accounts["startTransaction"]
    assert set(seen["features"]) == {"recover-password", "enroll-profile", "unlock-account"}
    assert seen["steps"][0] == "identify"
    assert {"select-enroll-profile", "currentAuthenticator-recover", "cancel"} <= {*seen["steps"]}
    assert (seen["status"], seen["remembers"]) == ("PENDING", True)


def test_a_handle_leads_to_the_same_transaction(accounts: Mapping[str, Account]) -> None:
    seen = accounts["interactAndIntrospect"]
    assert (seen["state"], seen["same"]) == (True, True)
    assert seen["forms"] == ["identify", "select-enroll-profile", "unlock-account"]
    assert seen["unknown"] == ["AuthApiError", 401]


def test_a_sign_in_is_cancelled(accounts: Mapping[str, Account]) -> None:
    seen = accounts["cancel"]
    assert (seen["canceled"]["status"], seen["remembers"]) == ("CANCELED", False)
    assert signed_in(seen["after"]) == (LOGIN, ["pwd"])


def test_the_password_is_asked_after_the_name(accounts: Mapping[str, Account]) -> None:
    seen = accounts["identifierFirst"]
    assert standing(seen["wrong"]) == at("challenge-authenticator", "incorrectPassword")
    assert seen["wrong"]["said"] == [["incorrectPassword", "Password is incorrect"]]
    assert signed_in(seen["done"]) == (LOGIN, ["pwd"])


def test_a_question_is_the_second_factor(accounts: Mapping[str, Account]) -> None:
    seen = accounts["question"]
    assert standing(seen["listed"]) == at("select-authenticator-authenticate")
    assert standing(seen["asked"]) == at("challenge-authenticator")
    assert standing(seen["wrong"])[:2] == ("PENDING", "challenge-authenticator")
    assert seen["wrong"]["said"] != []
    assert signed_in(seen["done"]) == ("question@example.com", ["mfa", "email", "kba"])

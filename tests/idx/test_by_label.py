"""A client on a server that goes by labels, and asks anew where it stands before each step."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pyotp
import pytest

from mock_okta import Config
from tests.idx.by_label import AUTHENTICATE, ENROLL, ByLabel
from tests.idx.conftest import identity
from tests.idx.enrolling import PHONE
from tests.idx.recovering import Recovering
from tests.visiting import LOGIN, PASSWORD, WEB, Visitor, claims_of

EMAIL, PUSH = {"factor": "okta_email"}, {"factor": "okta_push"}
SMS, GOOGLE = {"factor": "okta_sms", "phone_number": PHONE}, {"factor": "google_otp"}
BY_EMAIL, BY_ANY = {"recovery": {"factors": ["EMAIL"]}}, {"recovery": {"factors": ["EMAIL", "SMS"]}}
NAME_FIRST = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
NEW, NEW_PASSWORD = "new@example.com", "Other-Pass-2"


@pytest.fixture
def config() -> Config:
    """An org whose app on a server may use interaction codes."""
    seed = identity()
    clients = tuple(
        msgspec.structs.replace(each, grant_types=("authorization_code", "interaction_code"))
        if each.client_id == WEB
        else each
        for each in seed.clients
    )
    return Config(seed=msgspec.structs.replace(seed, clients=clients))


@pytest.fixture
def by_label(visitor: Visitor) -> ByLabel:
    return ByLabel(visitor)


async def _signed_in(by_label: ByLabel, *factors: Mapping[str, Any]) -> None:
    """Give name and password, to somebody who has these factors."""
    await by_label.seed(*factors, require_factor=bool(factors))
    await by_label.open()
    await by_label.where()
    given = {"identifier": LOGIN, "credentials": {"passcode": PASSWORD}, "rememberMe": False}
    await by_label.fill("identify", **given)


async def _claims(by_label: ByLabel, **how: bool) -> Mapping[str, Any]:
    return claims_of((await by_label.exchanged(**how))["id_token"])


@pytest.mark.parametrize("how", [{"in_query": False}, {"in_query": True}])
async def test_a_password_ends_in_tokens(by_label: ByLabel, how: dict[str, bool]) -> None:
    await _signed_in(by_label)
    claims = await _claims(by_label, **how)
    assert (claims["aud"], claims["amr"]) == (WEB, ["pwd"])
    assert "nonce" not in claims


@pytest.mark.parametrize(
    ("factor", "label", "method", "amr"),
    [(EMAIL, "Email", {}, "email"), (SMS, "Phone", {"methodType": "sms"}, "sms")],
)
async def test_a_code_is_sent_by_the_list(
    by_label: ByLabel, factor: Mapping[str, str], label: str, method: dict[str, str], amr: str
) -> None:
    await _signed_in(by_label, factor)
    assert list(by_label.labelled(AUTHENTICATE)) == [label]
    await by_label.pick(AUTHENTICATE, label, **method)
    await by_label.confirm("challenge-authenticator", await by_label.passcode())
    assert amr in (await _claims(by_label))["amr"]


async def test_a_push_is_polled(by_label: ByLabel) -> None:
    await _signed_in(by_label, PUSH)
    await by_label.pick(AUTHENTICATE, "Okta Verify", methodType="push")
    waiting = await by_label.fill("challenge-poll")
    assert waiting.screen == "challenge-poll"
    (push,) = (await by_label.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    await by_label.visitor.ask("POST", f"/_mock/push/{push['id']}", json={"answer": "approve"})
    assert (await by_label.fill("challenge-poll")).interaction_code
    assert "mfa" in (await _claims(by_label))["amr"]


async def test_google_authenticator_is_listed_beside_its_own_code(by_label: ByLabel) -> None:
    await _signed_in(by_label, GOOGLE)
    assert list(by_label.labelled(AUTHENTICATE)) == ["Google Authenticator"]
    secret = (await by_label.factors())["google_otp"]["secret"]
    await by_label.confirm("challenge-authenticator", pyotp.TOTP(secret).now())
    assert "otp" in (await _claims(by_label))["amr"]


async def test_google_authenticator_is_enrolled_while_somebody_signs_in(by_label: ByLabel) -> None:
    await by_label.seed(required=("google_otp",))
    await by_label.open()
    await by_label.fill("identify", identifier=LOGIN, credentials={"passcode": PASSWORD})
    document = await by_label.pick(ENROLL, "Google Authenticator")
    secret = document.body["currentAuthenticator"]["value"]["contextualData"]["sharedSecret"]
    await by_label.confirm("enroll-authenticator", pyotp.TOTP(secret).now())
    assert (await _claims(by_label))["preferred_username"] == LOGIN


async def test_a_phone_is_enrolled_in_one_step(by_label: ByLabel) -> None:
    await by_label.seed(required=("okta_sms",))
    await by_label.open()
    await by_label.fill("identify", identifier=LOGIN, credentials={"passcode": PASSWORD})
    await by_label.pick(ENROLL, "Phone", methodType="sms", phoneNumber=PHONE)
    await by_label.confirm("enroll-authenticator", await by_label.passcode())
    assert (await _claims(by_label))["preferred_username"] == LOGIN


async def test_somebody_signs_up_with_address_and_password(by_label: ByLabel) -> None:
    registration = {"asks_password": False, "activation_email": True}
    seeded = await by_label.visitor.ask("PUT", "/_mock/seed", json={"registration": registration})
    assert seeded.status == 200, seeded.text
    await by_label.open()
    await by_label.fill("select-enroll-profile")
    profile = {"firstName": "New", "lastName": "User", "email": NEW}
    await by_label.fill("enroll-profile", userProfile=profile)
    assert list(by_label.labelled(ENROLL)) == ["Password", "Email"]
    await by_label.pick(ENROLL, "Password")
    await by_label.fill("enroll-authenticator", credentials={"passcode": PASSWORD})
    await by_label.pick(ENROLL, "Email")
    await by_label.confirm("enroll-authenticator", await by_label.passcode())
    assert (await _claims(by_label))["preferred_username"] == NEW


@pytest.mark.parametrize("passwords", [BY_EMAIL, BY_ANY], ids=["one way", "two ways"])
@pytest.mark.parametrize("rule", [{}, NAME_FIRST], ids=["with password", "name first"])
async def test_a_recovery_begins_at_the_password_until_a_code_is_sent(
    by_label: ByLabel, rule: dict[str, Any], passwords: dict[str, Any]
) -> None:
    await by_label.seed(SMS, **rule)
    document = {"password_policies": [passwords]}
    assert (await by_label.visitor.ask("PUT", "/_mock/seed", json=document)).status == 200
    first = await by_label.open()
    if "currentAuthenticator" in first.body:
        await by_label.fill("recover")
        await by_label.fill("identify-recovery", identifier=LOGIN)
    else:
        await by_label.fill("identify", identifier=LOGIN)
        await by_label.recover()
    assert "Email" in by_label.labelled(AUTHENTICATE)
    await by_label.where()
    await by_label.recover()
    await by_label.picked(AUTHENTICATE, "Email")
    await by_label.confirm("challenge-authenticator", await by_label.passcode())
    await by_label.confirm("reset-authenticator", NEW_PASSWORD)
    assert (await _claims(by_label))["preferred_username"] == LOGIN


async def _forgot(recovering: Recovering) -> str:
    """Say whose password is forgotten; return the interaction handle."""
    handle = await recovering.interact()
    await recovering.introspect(interactionHandle=handle)
    await recovering.take("recover")
    await recovering.take("identify-recovery", identifier=LOGIN)
    return handle


async def test_a_page_hears_by_its_state_handle_that_it_recovers(recovering: Recovering) -> None:
    await recovering.seed()
    await _forgot(recovering)
    known = recovering.document
    again = await recovering.introspect(stateHandle=known.body["stateHandle"])
    assert again.names == known.names


async def test_a_recovery_stays_where_it_is_once_a_code_was_sent(recovering: Recovering) -> None:
    await recovering.seed(SMS, passwords=BY_ANY)
    handle = await _forgot(recovering)
    await recovering.choose("okta_email", methodType="email")
    chosen = await recovering.choose("okta_email")
    assert chosen.screen == "authenticator-verification-data"
    assert (await recovering.introspect(interactionHandle=handle)).names == chosen.names

"""What policies ask for stays asked for: nobody else's session, no session that is over, helps."""

from typing import Any

import msgspec
import pytest

from mock_okta.storage import Storage
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.visiting import APP, CALLBACK, LOGIN, OTHER_LOGIN, PASSWORD, SPA, Visitor

EMAIL = {"factor": "okta_email"}


async def policed(visitor: Visitor, **rule: Any) -> None:
    """Have an authentication policy for the app."""
    app = {
        "name": "SPA",
        "type": "spa",
        "client_id": SPA,
        "login_redirect_uris": [CALLBACK],
        "base_uris": [APP],
        "grant_types": ["authorization_code", "interaction_code"],
        "authentication_policy": "App",
    }
    document = {"authentication_policies": [{"name": "App", "rules": [rule]}], "clients": [app]}
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


async def test_a_sign_on_rule_that_denies_access_ends_the_sign_in(enrolling: Enrolling) -> None:
    await enrolling.seed(access="DENY")
    document = await enrolling.start()
    assert (document.status, document.names) == (403, [])
    assert document.keys == ["security.access_denied"]


async def test_an_app_may_ask_for_two_factors(enrolling: Enrolling) -> None:
    await enrolling.seed(EMAIL)
    await enrolling.begin(acr_values="urn:okta:loa:2fa:any")
    document = await enrolling.sign_in(LOGIN, PASSWORD)
    assert document.screen == "authenticator-verification-data"
    assert document.current["key"] == "okta_email"


async def test_a_user_who_signs_in_anew_has_nothing_of_the_session(
    enrolling: Enrolling, visitor: Visitor
) -> None:
    await enrolling.seed(EMAIL)
    other = {"login": OTHER_LOGIN, "password": PASSWORD, "factors": [EMAIL]}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [other]})
    await visitor.sign_in(LOGIN)
    await policed(visitor, factor_mode="2FA")
    document = await enrolling.begin()
    assert document.screen == "authenticator-verification-data"
    handle = document.body["stateHandle"]
    for login in (OTHER_LOGIN, LOGIN):
        body = {"stateHandle": handle, "identifier": login}
        document = await enrolling.post("/idp/idx/identify", body)
        assert document.screen == "challenge-authenticator"
        assert document.current["key"] == "okta_password"


async def test_another_session_is_not_the_one_that_a_sign_in_stands_on(
    enrolling: Enrolling, visitor: Visitor
) -> None:
    await visitor.sign_in(LOGIN)
    document = await enrolling.begin()
    assert document.interaction_code
    other = await visitor.sign_in(OTHER_LOGIN)
    token = document.body["stateHandle"].partition("~")[0]
    answer = await visitor.ask("GET", f"/login/token/redirect?stateToken={token}")
    assert answer.status == 400, answer.text
    assert await visitor.session_id() == other


async def test_a_provider_vouches_as_long_as_the_session_lasts(
    kept: list[Storage], enrolling: Enrolling, visitor: Visitor
) -> None:
    await enrolling.seed(EMAIL)
    session_id = await visitor.sign_in(LOGIN)
    [storage] = kept

    def by_provider(session: Any) -> Any:
        return msgspec.structs.replace(session, amr=("fed",), idp_id="0oa1idp", proofs=())

    await storage.sessions.update(session_id, by_provider)
    await policed(visitor, factor_mode="2FA")
    await enrolling.begin()
    assert enrolling.document.current["key"] == "okta_email"
    id_ = enrolling.document.field("authenticator-verification-data", "authenticator", "id")
    chosen = {"id": id_["value"], "methodType": "email"}
    await enrolling.take("authenticator-verification-data", authenticator=chosen)
    await storage.sessions.take(session_id)
    code = {"passcode": await enrolling.passcode()}
    document = await enrolling.take("challenge-authenticator", credentials=code)
    assert document.screen == "challenge-authenticator"
    assert document.current["key"] == "okta_password"


async def recovered(enrolling: Enrolling) -> Document:
    """Come to the new password, by the code of an e-mail."""
    await enrolling.begin()
    await enrolling.take("recover")
    document = await enrolling.take("identify-recovery", identifier=LOGIN)
    id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
    chosen = {"id": id_, "methodType": "email"}
    await enrolling.take("authenticator-verification-data", authenticator=chosen)
    code = {"passcode": await enrolling.passcode()}
    return await enrolling.take("challenge-authenticator", credentials=code)


async def test_what_recovered_a_password_is_no_second_factor(enrolling: Enrolling) -> None:
    await enrolling.seed(EMAIL)
    await policed(enrolling.visitor, factor_mode="2FA")
    await recovered(enrolling)
    new = {"passcode": "Other-Pass-2"}
    document = await enrolling.take("reset-authenticator", credentials=new)
    assert (document.status, document.screen) == (200, "authenticator-verification-data")
    assert document.current["key"] == "okta_email"


@pytest.mark.parametrize("new", ["short", "no-upper-case-1", ""])
async def test_a_password_that_recovers_is_held_to_the_policy(
    enrolling: Enrolling, new: str
) -> None:
    await recovered(enrolling)
    document = await enrolling.take("reset-authenticator", credentials={"passcode": new})
    assert (document.status, document.screen) == (400, "reset-authenticator")
    assert document.keys == ["password.passwordRequirementsNotMet"]

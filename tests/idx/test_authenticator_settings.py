"""How the org has set its authenticators up decides what is offered, and how it is shown."""

from typing import Any

import pytest

from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.visiting import APP, CALLBACK, LOGIN, PASSWORD, SPA, USER_ID, claims_of

EMAIL = {"factor": "okta_email", "email": LOGIN}
SMS = {"factor": "okta_sms", "phone_number": "+14155556688"}
QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "okra soup"}
TWO = {"rules": [{"require_factor": True}]}


async def _seed(
    enrolling: Enrolling, *factors: dict[str, str], authenticators: Any, **more: Any
) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "factors": factors}
    document = {"users": [user], "authenticators": authenticators, "sign_on_policies": [TWO]}
    answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=document | more)
    assert answer.status == 200, answer.text


def _allowed_for(key: str, use: str) -> dict[str, Any]:
    return {"key": key, "settings": {"allowed_for": use}}


async def _recover(enrolling: Enrolling) -> Document:
    await enrolling.begin()
    await enrolling.take("recover")
    return await enrolling.take("identify-recovery", identifier=LOGIN)


@pytest.mark.parametrize(
    "phone",
    [
        {"key": "phone_number", "status": "INACTIVE"},
        _allowed_for("phone_number", "recovery"),
        _allowed_for("phone_number", "none"),
    ],
)
async def test_what_is_not_for_sign_in_is_not_offered_there(
    enrolling: Enrolling, phone: dict[str, Any]
) -> None:
    await _seed(enrolling, EMAIL, SMS, authenticators=[])
    assert set((await enrolling.start()).options) == {"okta_email", "phone_number"}
    await _seed(enrolling, EMAIL, SMS, authenticators=[phone])
    document = await enrolling.start()
    assert document.names == [
        "authenticator-verification-data",
        "select-authenticator-authenticate",
    ]
    assert document.current["key"] == "okta_email"


@pytest.mark.parametrize(
    "phone",
    [
        {"key": "phone_number", "status": "INACTIVE"},
        _allowed_for("phone_number", "sso"),
        _allowed_for("phone_number", "none"),
    ],
)
async def test_what_is_not_for_recovery_is_not_offered_there(
    enrolling: Enrolling, phone: dict[str, Any]
) -> None:
    await _seed(enrolling, EMAIL, SMS, authenticators=[])
    assert set((await _recover(enrolling)).options) == {"okta_email", "phone_number"}
    await _seed(enrolling, EMAIL, SMS, authenticators=[phone])
    document = await _recover(enrolling)
    assert document.names == [
        "authenticator-verification-data",
        "select-authenticator-authenticate",
    ]
    assert document.current["key"] == "okta_email"


async def test_nobody_recovers_where_nothing_is_for_that(enrolling: Enrolling) -> None:
    keys = [_allowed_for("okta_email", "sso"), _allowed_for("phone_number", "sso")]
    await _seed(enrolling, EMAIL, SMS, authenticators=keys)
    document = await _recover(enrolling)
    assert (document.status, document.keys) == (403, ["oie.selfservice.reset.password.not.allowed"])


async def test_what_is_not_for_recovery_does_not_unlock(enrolling: Enrolling) -> None:
    await _seed(enrolling, EMAIL, SMS, authenticators=[_allowed_for("okta_email", "sso")])
    await enrolling.begin()
    document = await enrolling.take("unlock-account")
    assert document.options == ["phone_number"]


async def test_what_is_inactive_is_not_enrolled(enrolling: Enrolling) -> None:
    policy = [{"optional": ["okta_sms", "google_otp"]}]
    rules = [{"rules": [{"require_factor": False}]}]
    more = {"enrollment_policies": policy, "sign_on_policies": rules}
    google = {"key": "google_otp", "status": "INACTIVE"}
    await _seed(enrolling, authenticators=[google], **more)
    document = await enrolling.start()
    assert document.options == ["phone_number"]
    await _seed(enrolling, authenticators=[google, _inactive("phone_number")], **more)
    assert (await enrolling.start()).interaction_code


def _inactive(key: str) -> dict[str, str]:
    return {"key": key, "status": "INACTIVE"}


CLIENT = {
    "name": "SPA",
    "type": "spa",
    "client_id": SPA,
    "login_redirect_uris": [CALLBACK],
    "base_uris": [APP],
    "grant_types": ["authorization_code", "interaction_code"],
    "authentication_policy": "App",
}
PHISHING_RESISTANT = {
    "factor_mode": "2FA",
    "constraints": [{"possession": {"phishing_resistant": "REQUIRED"}}],
}


class TestMagicLinks:
    async def _challenged(self, enrolling: Enrolling, *, has_link: bool) -> Document:
        email = {"key": "okta_email", "settings": {"uses_magic_link": has_link}}
        await _seed(enrolling, EMAIL, authenticators=[email])
        document = await enrolling.start()
        id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
        chosen = {"id": id_, "methodType": "email"}
        return await enrolling.take("authenticator-verification-data", authenticator=chosen)

    async def test_without_them_there_is_a_code_alone(self, enrolling: Enrolling) -> None:
        document = await self._challenged(enrolling, has_link=False)
        assert document.screen == "challenge-authenticator"
        assert document.current["contextualData"] == {"useEmailMagicLink": False}
        assert "poll" not in document.current
        assert "resend" in document.current
        (mail,) = await enrolling.outbox()
        assert mail.get("link") is None
        assert "http" not in mail["text"]
        proof = {"passcode": await enrolling.passcode()}
        document = await enrolling.take("challenge-authenticator", credentials=proof)
        assert document.interaction_code

    async def test_with_them_the_page_waits_for_one(self, enrolling: Enrolling) -> None:
        document = await self._challenged(enrolling, has_link=True)
        assert "contextualData" not in document.current
        assert document.current["poll"]["refresh"] == 4000
        (mail,) = await enrolling.outbox()
        assert "/email/verify/" in mail["link"]


class TestNames:
    async def test_lists_have_the_names_of_the_org(self, enrolling: Enrolling) -> None:
        names = [{"key": "okta_email", "name": "Mail"}, {"key": "phone_number", "name": "Mobile"}]
        await _seed(enrolling, EMAIL, SMS, authenticators=names)
        document = await enrolling.start()
        (choice,) = document.form("select-authenticator-authenticate")["value"][:1]
        assert [each["label"] for each in choice["options"]] == ["Mail", "Mobile"]
        listed = document.body["authenticatorEnrollments"]["value"]
        assert [each["displayName"] for each in listed] == ["Mail", "Mobile"]
        document = await enrolling.choose("okta_email", methodType="email")
        assert document.current["displayName"] == "Mail"

    async def test_the_password_has_one_too(self, enrolling: Enrolling) -> None:
        names = [{"key": "okta_password", "name": "Secret"}]
        await _seed(enrolling, EMAIL, authenticators=names)
        assert (await enrolling.begin()).current["displayName"] == "Secret"
        document = await _recover(enrolling)
        assert document.body["recoveryAuthenticator"]["value"]["displayName"] == "Secret"

    async def test_what_is_enrolled_has_one_too(self, enrolling: Enrolling) -> None:
        names = [{"key": "google_otp", "name": "Authenticator app"}]
        policy = [{"required": ["google_otp"]}]
        rules = [{"rules": [{"require_factor": False}]}]
        more = {"enrollment_policies": policy, "sign_on_policies": rules}
        await _seed(enrolling, authenticators=names, **more)
        document = await enrolling.start()
        listed = document.body["authenticators"]["value"]
        assert [each["displayName"] for each in listed] == ["Authenticator app"]
        document = await enrolling.choose("google_otp")
        assert document.current["displayName"] == "Authenticator app"


class TestUserVerification:
    """Okta's flag UV: whether a security key found out who holds it."""

    async def _enrolled(
        self, enrolling: Enrolling, key: SecurityKey, *, setting: str = "PREFERRED"
    ) -> Document:
        """Enrol the key, and sign in to where it is asked for."""
        await enrolling.offered("fido_webauthn")
        document = await enrolling.choose("webauthn")
        challenge = document.current["contextualData"]["activationData"]["challenge"]
        assert (await enrolling.answer(**key.register(challenge))).interaction_code
        webauthn = {"key": "webauthn", "settings": {"user_verification": setting}}
        rules = [{"require_factor": False, "primary_factor": "PASSWORD_IDP_ANY_FACTOR"}]
        document_of_policies = {
            "authenticators": [webauthn],
            "sign_on_policies": [{"rules": rules}],
            "clients": [CLIENT],
            "authentication_policies": [{"name": "App", "rules": [PHISHING_RESISTANT]}],
        }
        answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=document_of_policies)
        assert answer.status == 200, answer.text
        await enrolling.begin()
        await enrolling.take("identify", identifier=LOGIN)
        if enrolling.document.screen == "select-authenticator-authenticate":
            await enrolling.choose("webauthn")
        return enrolling.document

    async def _sign(self, enrolling: Enrolling, key: SecurityKey) -> Document:
        asked = enrolling.document.current["contextualData"]["challengeData"]
        signed = key.sign(asked["challenge"])
        return await enrolling.take("challenge-authenticator", credentials=signed)

    async def test_a_key_that_verifies_the_user_is_two_factors(self, enrolling: Enrolling) -> None:
        key = SecurityKey(APP, verifies_user=True)
        await self._enrolled(enrolling, key)
        assert (await self._sign(enrolling, key)).interaction_code
        assert claims_of((await enrolling.tokens())["id_token"])["amr"] == ["hwk"]

    async def test_a_key_that_does_not_is_one(self, enrolling: Enrolling) -> None:
        key = SecurityKey(APP)
        await self._enrolled(enrolling, key)
        document = await self._sign(enrolling, key)
        assert document.screen == "challenge-authenticator"
        assert document.current["key"] == "okta_password"
        proof = {"passcode": PASSWORD}
        document = await enrolling.take("challenge-authenticator", credentials=proof)
        assert document.interaction_code

    @pytest.mark.parametrize("setting", ["DISCOURAGED", "PREFERRED", "REQUIRED"])
    async def test_the_browser_gets_what_the_org_wants(
        self, enrolling: Enrolling, setting: str
    ) -> None:
        document = await self._enrolled(enrolling, SecurityKey(APP), setting=setting)
        asked = document.current["contextualData"]["challengeData"]
        assert asked["userVerification"] == setting.lower()

    async def test_a_key_without_it_is_refused_where_it_is_required(
        self, enrolling: Enrolling
    ) -> None:
        key = SecurityKey(APP)
        await self._enrolled(enrolling, key, setting="REQUIRED")
        document = await self._sign(enrolling, key)
        assert (document.status, document.screen) == (401, "challenge-authenticator")
        key.verifies_user = True
        assert (await self._sign(enrolling, key)).interaction_code

    async def test_a_new_key_counts_as_it_was_attested(self, enrolling: Enrolling) -> None:
        """What a caller sends beside the attestation says nothing of the key."""
        webauthn = {"key": "webauthn", "settings": {"user_verification": "REQUIRED"}}
        rules = [{"rules": [{"require_factor": False}]}]
        policy = [{"required": ["fido_webauthn"]}]
        more = {"sign_on_policies": rules, "enrollment_policies": policy}
        await _seed(enrolling, authenticators=[webauthn], **more)
        await enrolling.start()
        document = await enrolling.choose("webauthn")
        asked = document.current["contextualData"]["activationData"]
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        made = SecurityKey(APP).register(asked["challenge"])
        told = SecurityKey(APP, verifies_user=True).sign(asked["challenge"])
        both = made | {"authenticatorData": told["authenticatorData"]}
        assert (await enrolling.answer(**both)).status == 401
        made = SecurityKey(APP, verifies_user=True).register(asked["challenge"])
        assert (await enrolling.answer(**made)).interaction_code

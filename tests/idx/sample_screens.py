"""How the screens of the widget's samples are reached, each by the name of its sample."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import Enrolling
from tests.idx.recovering import LINK_ASKS
from tests.visiting import APP, CALLBACK, LOGIN, PASSWORD, SPA

__all__ = ["SCREENS"]

Reach = Callable[[Enrolling], Awaitable[object]]
PHONE = "+14155556688"
SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
EMAIL, GOOGLE, TOTP = {"factor": "okta_email"}, {"factor": "google_otp"}, {"factor": "okta_otp"}
PUSH = {"factor": "okta_push"}
FAST_PASS = {"factor": "signed_nonce"}
AT_ONCE = {"factor": "okta_push", "auto_push": True}
NUMBER = {"factor": "okta_push", "number_challenge": True}
QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"}
ANY = "PASSWORD_IDP_ANY_FACTOR"
OTHER = (EMAIL, GOOGLE)
CLIENT = {
    "name": "SPA",
    "type": "spa",
    "client_id": SPA,
    "login_redirect_uris": [CALLBACK],
    "base_uris": [APP],
    "grant_types": ["authorization_code", "interaction_code"],
}
RECOVERY = {"factors": ["EMAIL", "SMS", "CALL"], "unlock": True}


def challenged(key: str, *factors: Mapping[str, Any], **more: str) -> Reach:
    """Sign in with the password, then choose the authenticator; there is another one besides."""

    async def reach(enrolling: Enrolling) -> None:
        others = [each for each in OTHER if each not in factors]
        await enrolling.seed(*factors, *others, require_factor=True)
        await enrolling.start()
        await enrolling.choose(key, **more)

    return reach


def sent(key: str, method: str, *factors: Mapping[str, Any]) -> Reach:
    """The same, and have it sent."""

    async def reach(enrolling: Enrolling) -> None:
        await challenged(key, *factors)(enrolling)
        if enrolling.document.screen == "authenticator-verification-data":
            fields = enrolling.document.form("authenticator-verification-data")["value"][0]
            form = fields["form"]["value"]
            posted = {e["name"]: e["value"] for e in form if e.get("mutable") is False}
            chosen = posted | {"methodType": method}
            await enrolling.take("authenticator-verification-data", authenticator=chosen)

    return reach


async def choosing(enrolling: Enrolling) -> None:
    await enrolling.seed(*OTHER, SMS, CALL, TOTP, PUSH, QUESTION, primary_factor=ANY)
    await enrolling.begin()
    await enrolling.take("identify", identifier=LOGIN)


async def question(enrolling: Enrolling) -> None:
    await enrolling.seed(QUESTION, EMAIL, primary_factor=ANY)
    await enrolling.begin()
    await enrolling.take("identify", identifier=LOGIN)
    await enrolling.choose("security_question")


async def rejected(enrolling: Enrolling) -> None:
    await challenged("okta_verify", PUSH, methodType="push")(enrolling)
    pushes = (await enrolling.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    await enrolling.visitor.ask("POST", f"/_mock/push/{pushes[-1]['id']}", json={"answer": "deny"})
    await enrolling.take("challenge-poll")


async def identify(enrolling: Enrolling) -> None:
    await with_recovery(enrolling)
    await enrolling.begin()


async def identify_first(enrolling: Enrolling) -> None:
    await with_recovery(enrolling)
    await enrolling.change(primary_factor=ANY)
    await enrolling.begin()


async def with_passkeys(enrolling: Enrolling) -> None:
    await enrolling.seed(primary_factor=ANY)
    known = {"key": "webauthn", "settings": {"enable_autofill_ui": True}}
    await put(enrolling, authenticators=[known], registration={})
    await enrolling.begin()


async def asked_on_computer(enrolling: Enrolling) -> None:
    """Give the name, and choose FastPass."""
    await enrolling.seed(FAST_PASS, EMAIL, primary_factor=ANY)
    await enrolling.begin()
    await enrolling.take("identify", identifier=LOGIN)
    await enrolling.choose("okta_verify", methodType="signed_nonce")


async def unreached(enrolling: Enrolling) -> None:
    """The same, where no app listens."""
    await asked_on_computer(enrolling)
    await enrolling.take("cancel-polling", reason="OV_UNREACHABLE_BY_LOOPBACK")


async def with_fast_pass(enrolling: Enrolling, *, users: Sequence[Any] = (), **rule: Any) -> None:
    """Begin where the page has the button of FastPass."""
    await enrolling.seed(FAST_PASS, **{"primary_factor": ANY, **rule})
    known = {"key": "okta_verify", "settings": {"show_sign_in_with_ov": "ALWAYS"}}
    await put(enrolling, authenticators=[known], users=users, registration={})
    await enrolling.begin()


async def launched(enrolling: Enrolling, *, users: Sequence[Any] = (), **rule: Any) -> None:
    """Press that button."""
    await with_fast_pass(enrolling, users=users, **rule)
    await enrolling.take("launch-authenticator")


async def launched_by_link(enrolling: Enrolling) -> None:
    """The same, where no app listens."""
    await launched(enrolling)
    await enrolling.take("cancel-polling", reason="OV_UNREACHABLE_BY_LOOPBACK")


async def password(enrolling: Enrolling) -> None:
    await enrolling.seed(EMAIL, primary_factor=ANY)
    await enrolling.begin()
    await enrolling.take("identify", identifier=LOGIN)
    await enrolling.choose("okta_password")


async def with_recovery(enrolling: Enrolling, *factors: Mapping[str, Any], **more: Any) -> None:
    await enrolling.seed(*factors)
    policy = {"recovery": RECOVERY} | more
    document = {"password_policies": [policy], "registration": {}}
    answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


async def recovering(enrolling: Enrolling) -> None:
    await with_recovery(enrolling, SMS)
    await enrolling.begin()
    await enrolling.take("recover")


async def recovering_by(enrolling: Enrolling) -> None:
    await recovering(enrolling)
    await enrolling.take("identify-recovery", identifier=LOGIN)


async def resetting(enrolling: Enrolling) -> None:
    await recovering_by(enrolling)
    await enrolling.choose("okta_email", methodType="email")
    code = await enrolling.passcode()
    await enrolling.take("challenge-authenticator", credentials={"passcode": code})


async def reset_refused(enrolling: Enrolling) -> None:
    await resetting(enrolling)
    await enrolling.take("reset-authenticator", credentials={"passcode": "short"})


async def unlocking(enrolling: Enrolling) -> None:
    await with_recovery(enrolling, SMS)
    await enrolling.begin()
    await enrolling.take("unlock-account")


async def unlocking_by_name(enrolling: Enrolling) -> None:
    await with_recovery(enrolling, SMS)
    recovery = RECOVERY | {"unlock_asks_name_first": True}
    await put(enrolling, password_policies=[{"recovery": recovery}])
    await enrolling.begin()
    await enrolling.take("unlock-account")


async def unlocking_by_choice(enrolling: Enrolling) -> None:
    await unlocking_by_name(enrolling)
    await enrolling.take("unlock-account", identifier=LOGIN)


async def registering(enrolling: Enrolling) -> None:
    await with_recovery(enrolling)
    await enrolling.begin()
    await enrolling.take("select-enroll-profile")


async def expired(enrolling: Enrolling) -> None:
    await enrolling.seed()
    await _aged(enrolling, 100)


async def warned(enrolling: Enrolling) -> None:
    await enrolling.seed()
    await _aged(enrolling, 86)


async def _aged(enrolling: Enrolling, days: int) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "password_age_days": days}
    policy = {"age": {"max_age_days": 90, "expire_warn_days": 5}}
    document = {"users": [user], "password_policies": [policy]}
    answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text
    await enrolling.start()


ALL = ("okta_sms", "okta_call", "okta_email", "okta_question", "google_otp", "okta_push")


def enrolled(key: str, **more: str) -> Reach:
    """Choose what to enrol."""

    async def reach(enrolling: Enrolling) -> None:
        await enrolling.offered(required=(*ALL, "fido_webauthn"))
        await enrolling.choose(key, **more)

    return reach


async def enrolling_phone(enrolling: Enrolling) -> None:
    await enrolling.offered(required=ALL)
    await enrolling.by_phone()


async def enrolling_required(enrolling: Enrolling) -> None:
    await enrolling.offered(required=(*ALL, "fido_webauthn"))


async def enrolling_optional(enrolling: Enrolling) -> None:
    await enrolling.offered(*ALL, "fido_webauthn")


async def put(enrolling: Enrolling, **document: Any) -> None:
    answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


def consenting(*, granular: bool = False) -> Reach:
    """Sign in to an app that asks for two scopes which want the user's consent."""

    async def reach(enrolling: Enrolling) -> None:
        await enrolling.seed()
        asks = {"consent_method": "REQUIRED", "granular_consent": granular}
        texts = {"display_name": "Phone", "description": "Your phone number"}
        names = ("custom1", "custom2", "custom3.custom4.custom5")
        scopes = [{"name": name, "consent": "FLEXIBLE", **texts} for name in names]
        servers = [{"id": "default", "scopes": scopes}]
        await put(enrolling, clients=[CLIENT | asks], authorization_servers=servers)
        await enrolling.begin(scope=" ".join(("openid", "profile", *names)))
        await enrolling.sign_in(LOGIN, PASSWORD)

    return reach


async def asked_elsewhere(enrolling: Enrolling) -> None:
    await sent("okta_email", "email", EMAIL)(enrolling)
    await put(enrolling, authenticators=[LINK_ASKS])
    messages = (await enrolling.visitor.ask("GET", "/_mock/outbox")).json()["messages"]
    enrolling.visitor.http.cookie_jar.clear()
    place = (await enrolling.visitor.ask("GET", messages[-1]["link"])).location
    token = place.rpartition("/signin/refresh-auth-state/")[2].partition("?")[0]
    await enrolling.introspect(stateToken=token)


async def with_providers(enrolling: Enrolling) -> None:
    await enrolling.seed(primary_factor=ANY)
    await put(enrolling, identity_providers=[{"name": "Google IDP", "type": "GOOGLE"}])
    await enrolling.begin()


async def security_key(enrolling: Enrolling) -> None:
    key = SecurityKey(APP)
    await enrolling.seed(EMAIL, required=("fido_webauthn",))
    await enrolling.start()
    asked = (await enrolling.choose("webauthn")).current["contextualData"]["activationData"]
    made = key.register(asked["challenge"])
    await enrolling.answer(clientData=made["clientData"], attestation=made["attestation"])
    await enrolling.change(require_factor=True)
    await enrolling.start()
    await enrolling.choose("webauthn")


async def activating(enrolling: Enrolling) -> None:
    token = await enrolling.hosted("/activate")
    await enrolling.introspect(stateToken=token)


async def registering_by_profile(enrolling: Enrolling) -> None:
    await put(enrolling, registration={"asks_password": False})
    await enrolling.begin()
    await enrolling.take("select-enroll-profile")


async def first_password(enrolling: Enrolling) -> None:
    await registering_by_profile(enrolling)
    profile = {"firstName": "New", "lastName": "User", "email": "new@example.com"}
    await enrolling.take("enroll-profile", userProfile=profile)
    await enrolling.choose("okta_password")


async def completing_profile(enrolling: Enrolling) -> None:
    await enrolling.seed()
    asked = [
        {"name": "newAttribute", "label": "Some custom attribute"},
        {"name": "secondEmail", "label": "Secondary email"},
        {"name": "newAttribute2", "label": "Some custom attribute 2"},
    ]
    await put(enrolling, profile_enrollment={"profile_attributes": asked})
    await enrolling.start()


async def staying(enrolling: Enrolling) -> None:
    await enrolling.seed()
    rule = {"keep_me_signed_in": {"post_auth": "ALLOWED"}}
    policies = [{"name": "App", "rules": [rule]}]
    clients = [CLIENT | {"authentication_policy": "App"}]
    await put(enrolling, clients=clients, authentication_policies=policies)
    await enrolling.start()


SCREENS: Mapping[str, Reach] = MappingProxyType(
    {
        "identify-with-password": identify,
        "identify-with-unlock-account-link": identify_first,
        "identify-with-webauthn-autofill": with_passkeys,
        "identify-with-device-probing-loopback-challenge-not-received": with_fast_pass,
        "identify-with-device-probing-loopback": launched,
        "identify-with-device-launch-authenticator": launched_by_link,
        "authenticator-verification-okta-verify-signed-nonce-loopback": asked_on_computer,
        "authenticator-verification-okta-verify-signed-nonce-custom-uri": unreached,
        "authenticator-verification-password": password,
        "authenticator-verification-select-authenticator": choosing,
        "authenticator-verification-data-email": challenged("okta_email"),
        "authenticator-verification-email": sent("okta_email", "email"),
        "authenticator-verification-data-phone-sms-then-voice": challenged(
            "phone_number", SMS, CALL
        ),
        "authenticator-verification-phone-sms": sent("phone_number", "sms", SMS),
        "authenticator-verification-phone-voice": sent("phone_number", "voice", CALL),
        "authenticator-verification-google-authenticator": challenged("google_otp"),
        "authenticator-verification-okta-verify-totp": sent("okta_verify", "totp", TOTP),
        "authenticator-verification-data-okta-verify-push-autoChallenge-off": challenged(
            "okta_verify", PUSH
        ),
        "authenticator-verification-okta-verify-push-autoChallenge-on": challenged(
            "okta_verify", AT_ONCE
        ),
        "authenticator-verification-okta-verify-push": sent("okta_verify", "push", PUSH),
        "authenticator-verification-number-challenge": sent("okta_verify", "push", NUMBER),
        "authenticator-verification-okta-verify-reject-push": rejected,
        "authenticator-verification-security-question": question,
        "authenticator-expired-password": expired,
        "authenticator-expiry-warning-password": warned,
        "identify-recovery": recovering,
        "authenticator-verification-select-authenticator-for-recovery": recovering_by,
        "authenticator-reset-password": resetting,
        "error-authenticator-reset-password-requirement": reset_refused,
        "user-unlock-account": unlocking,
        "user-unlock-account-identifier-first": unlocking_by_name,
        "user-unlock-account-choose-auth-identifier-first": unlocking_by_choice,
        "enroll-profile-with-password": registering,
        "authenticator-enroll-select-authenticator": enrolling_required,
        "authenticator-enroll-select-authenticator-with-skip": enrolling_optional,
        "authenticator-enroll-email": enrolled("okta_email"),
        "authenticator-enroll-data-phone": enrolled("phone_number"),
        "authenticator-enroll-phone": enrolling_phone,
        "authenticator-enroll-google-authenticator": enrolled("google_otp"),
        "authenticator-enroll-security-question": enrolled("security_question"),
        "authenticator-enroll-webauthn": enrolled("webauthn"),
        "authenticator-enroll-ov-qr": enrolled("okta_verify"),
        "authenticator-enroll-ov-via-email": enrolled("okta_verify", channel="email"),
        "authenticator-enroll-ov-via-sms": enrolled("okta_verify", channel="sms"),
        "authenticator-enroll-password": first_password,
        "authenticator-verification-webauthn": security_key,
        "consent-enduser": consenting(),
        "consent-granular": consenting(granular=True),
        "device-code-activate": activating,
        "email-challenge-consent": asked_elsewhere,
        "enroll-profile-new": registering_by_profile,
        "enroll-profile-update-all-optional-params": completing_profile,
        "identify-with-third-party-idps": with_providers,
        "post-auth-keep-me-signed-in": staying,
    }
)
"""The widget's sample -> how its screen is reached."""

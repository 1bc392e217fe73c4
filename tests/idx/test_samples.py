"""Screens have the fields, links and members of the widget's own samples, but for what is listed.

The samples are Okta's and not in this repository: `OKTA_WIDGET_SAMPLES_DIR` names their folder.
"""

import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.idx.comparing import differences
from tests.idx.enrolling import Enrolling
from tests.visiting import LOGIN, PASSWORD

DIRECTORY = os.environ.get("OKTA_WIDGET_SAMPLES_DIR")

pytestmark = pytest.mark.skipif(
    not DIRECTORY, reason="OKTA_WIDGET_SAMPLES_DIR does not say where the widget's samples are"
)

Reach = Callable[[Enrolling], Awaitable[object]]
PHONE = "+14155556688"
SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
EMAIL, GOOGLE, TOTP = {"factor": "okta_email"}, {"factor": "google_otp"}, {"factor": "okta_otp"}
PUSH = {"factor": "okta_push"}
NUMBER = {"factor": "okta_push", "number_challenge": True}
QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"}
ANY = "PASSWORD_IDP_ANY_FACTOR"
OTHER = (EMAIL, GOOGLE)
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


SCREENS: Mapping[str, Reach] = MappingProxyType(
    {
        "identify-with-password": identify,
        "identify-with-unlock-account-link": identify_first,
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
    }
)
"""The widget's sample -> how its screen is reached."""

_POSTED_BACK = "facts/identity C.2: a constant object, posted back as it is"
_HIDDEN = "facts/identity C.2: the answer is typed as a password is"
_NO_RECOVERY = "the sample's password expired on the way of a recovery"

EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        r"[+-] [^:]*\.credentials: object( required)?": "samples have both; no page reads it",
        r"[+-] [^:]*\.credentials\.passcode: string( required)?": (
            "samples have both; pages ask anyway"
        ),
        r"[+-] [^:]*\.(id|methodType): string( required)?( hidden)? constant": (
            "samples have both; a page draws no constant of an option"
        ),
        r"[+-] select-authenticator-enroll\.authenticator: object( required)? to choose": (
            "one is chosen by its button: there is no way to leave it out"
        ),
        r"[+] enrollmentAuthenticator\.[^.]*": "some samples leave it out; none has it differently",
        r"[+] (current|recovery)Auth\w+\.(displayName|id|key|methods|type): .*": (
            "some samples leave it out; okta-auth-js reads it"
        ),
        r"[+] currentAuthenticator\.profile\.deviceName: given": "the page names the device by it",
        r"[+] (enroll-poll|enrollment-channel-data) relates to \$\.currentAuthenticator": (
            "facts/identity B.5: the third generation reads the view from it"
        ),
        r"- .*\.(authenticatorId|authenticatorInstanceId|catalogKey): given": "no page reads it",
        r"- recoveryAuthenticator\.settings: given": "a page reads those of the current one",
    }
)
"""What samples have one way and the other, or nobody reads: lines -> why."""

ALLOWED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "identify-with-password": {
            "+ link unlock-account": "the policy of the test lets accounts be unlocked",
        },
        "identify-with-unlock-account-link": {
            "+ identify.identifier: string required": "as in identify-with-password",
            "- identify.identifier: string": "as in identify-with-password",
            "+ link select-enroll-profile": "the org of the test lets people sign up",
        },
        "authenticator-verification-password": {
            "- currentAuthenticatorEnrollment.profile.name: given": "no page reads it",
        },
        "authenticator-verification-select-authenticator": {
            "+ select-authenticator-authenticate.authenticator[okta_verify].methodType: "
            "string to choose": "facts/identity C.2: pages make a row of each method",
        },
        "authenticator-verification-data-email": {
            "- currentAuthenticatorEnrollment.resend: an action": "nothing was sent yet",
        },
        "authenticator-verification-data-phone-sms-then-voice": {
            "+ authenticator-verification-data.authenticator.enrollmentId: "
            "string required constant": "facts/identity C.2: of several phones, this one",
            "- currentAuthenticatorEnrollment.resend: an action": "nothing was sent yet",
        },
        "authenticator-verification-okta-verify-reject-push": {
            "+ resend.authenticator: object required hidden constant": _POSTED_BACK,
            "- resend.authenticator: object": _POSTED_BACK,
        },
        "authenticator-verification-security-question": {
            "+ challenge-authenticator.credentials.answer: string required secret": _HIDDEN,
            "- challenge-authenticator.credentials.answer: string required": _HIDDEN,
        },
        "authenticator-expired-password": {
            "- recoveryAuthenticator.displayName: given": _NO_RECOVERY,
            "- recoveryAuthenticator.id: given": _NO_RECOVERY,
            "- recoveryAuthenticator.key: okta_password": _NO_RECOVERY,
            "- recoveryAuthenticator.type: password": _NO_RECOVERY,
        },
        "authenticator-enroll-email": {
            "+ currentAuthenticator.contextualData.useEmailMagicLink: given": (
                "as in authenticator-enroll-email-emailmagiclink-false"
            ),
        },
        "authenticator-enroll-data-phone": {
            "+ authenticator-enrollment-data.authenticator: object": "no page reads it",
            "- authenticator-enrollment-data.authenticator: object required": "no page reads it",
        },
        "authenticator-enroll-webauthn": {
            "- currentAuthenticator.settings: given": "what keys the org takes; no page reads it",
        },
    }
)
"""Sample -> lines that differ -> why they stay."""


def _is_everywhere(line: str) -> bool:
    return any(re.fullmatch(pattern, line) for pattern in EVERYWHERE)


@pytest.mark.parametrize("sample", SCREENS)
async def test_a_screen_is_made_as_in_the_widgets_sample(enrolling: Enrolling, sample: str) -> None:
    path = Path(str(DIRECTORY)) / "idp" / "idx" / f"{sample}.json"
    theirs = json.loads(path.read_text())
    await SCREENS[sample](enrolling)
    found = [e for e in differences(enrolling.document.body, theirs) if not _is_everywhere(e)]
    assert found == sorted(ALLOWED.get(sample, {})), "\n".join([sample, *found])

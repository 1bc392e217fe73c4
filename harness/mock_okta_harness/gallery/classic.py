"""Walks through the screens of Classic Engine, on the demo app's page.

The names are the widget's own; a screen with several faces has a name for each.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from mock_okta_harness import faults
from mock_okta_harness.gallery.visiting import (
    LOGIN,
    NAMES,
    NEW_PHONE,
    PASSWORD,
    PHONE,
    SECRET,
    ClassicVisit,
)
from mock_okta_harness.pages import (
    AccountUnlock,
    AccountUnlocked,
    EnrollCall,
    EnrollChoices,
    EnrollEmail,
    EnrollQuestion,
    EnrollSms,
    EnrollTotp,
    EnrollWebAuthn,
    IdpDiscovery,
    PasswordExpired,
    PasswordReset,
    RecoveryLoading,
    RecoveryQuestion,
    RefreshAuthState,
    RegistrationComplete,
    SecurityKey,
    VerifyCall,
    VerifyEmail,
    VerifyGoogleAuthenticator,
    VerifyOktaVerify,
    VerifyPassword,
    VerifyPush,
    VerifyQuestion,
    VerifySms,
    VerifyWebAuthn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Any

    from mock_okta_harness.pages import DemoPage, ShownWidget

    Shows = Generator[str, None, None]
    Walk = Callable[[ClassicVisit], Shows]

_USER = {"login": LOGIN, "password": PASSWORD, "profile": NAMES}
_NEW_USER = {"email": "new@example.com", "password": PASSWORD, **NAMES}
_AGE = {"max_age_days": 90, "expire_warn_days": 5}
_PASSWORDLESS = "passwordlessAuth"
# Long enough for a picture in each width.
_A_WHILE = 30


def _seed(visit: ClassicVisit, user: Mapping[str, Any], **policy: Any) -> None:
    policies = [{"name": "Default policy", **policy}]
    visit.control.seed({"users": [{**_USER, **user}], "password_policies": policies})


def _by_token(
    visit: ClassicVisit, token: str, screen: Callable[[ShownWidget[DemoPage]], Any]
) -> Any:
    return screen(visit.open_page(recoveryToken=token).shown_widget())


def _by_link(visit: ClassicVisit, screen: Callable[[ShownWidget[DemoPage]], Any]) -> Any:
    return _by_token(visit, visit.link().rpartition("/")[2], screen)


def _signing_in(visit: ClassicVisit) -> Shows:
    _seed(visit, {"status": "PASSWORD_EXPIRED"})
    form = visit.open(features="registration,selfServiceUnlock")
    form.fill(LOGIN, PASSWORD).remember_me().need_help()
    yield "primary-auth"
    form.sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    cookies = {each["name"]: each["value"] for each in visit.page.context.cookies()}
    visit.control.plan_fault(faults.delay(_A_WHILE).on("/api/v1/authn*", "POST"))
    page = visit.open_page(stateToken=cookies["oktaStateToken"])
    RefreshAuthState(page.shown_widget())
    yield "refresh-auth-state"


def _name_first(visit: ClassicVisit) -> Shows:
    _seed(visit, {})
    IdpDiscovery(visit.open_page(features="idpDiscovery").shown_widget())
    yield "idp-discovery"


def _wrong_passwords(visit: ClassicVisit) -> Shows:
    _seed(visit, {}, lockout={"max_attempts": 2, "show_lockout_failures": True})
    form = visit.open().be_refused(LOGIN, "wrong-Password-1")
    yield "primary-auth-refused"
    form.be_refused(LOGIN, "wrong-Password-1")
    visit.open().be_refused(LOGIN, PASSWORD)
    yield "primary-auth-locked-out"
    form = visit.open(features="selfServiceUnlock")
    start = form.sign_in_to(LOGIN, PASSWORD, AccountUnlock)
    yield "account-unlock"
    start.fill(LOGIN).send_email()
    yield "account-unlock-email-sent"
    _by_link(visit, AccountUnlocked)
    yield "account-unlocked"


def _passwordless(visit: ClassicVisit) -> Shows:
    rule = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
    visit.control.seed({"users": [_USER], "sign_on_policies": [{"rules": [rule]}]})
    form = visit.open(features=_PASSWORDLESS)
    yield "primary-auth-passwordless"
    password = form.go_on_to(LOGIN, VerifyPassword)
    yield "mfa-verify-password"
    password.fill("wrong-Password-1").be_refused()
    yield "mfa-verify-password-refused"


def _expired_password(visit: ClassicVisit) -> Shows:
    _seed(visit, {"password_age_days": 91}, age=_AGE)
    visit.open().sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    yield "password-expired"
    _seed(visit, {"password_age_days": 87}, age=_AGE)
    visit.open().sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    yield "password-expired-warning"


def _forgotten_password(visit: ClassicVisit) -> Shows:
    question = {"question": "What did I eat?", "answer": "beetroot"}
    _seed(visit, {"recovery_question": question}, recovery={"asks_question": True})
    visit.open().forgot_password().fill(LOGIN).send_email()
    yield "password-reset-email-sent"
    question_asked = _by_link(visit, RecoveryQuestion)
    yield "recovery-question"
    question_asked.fill("Beetroot").submit_to(PasswordReset)
    yield "password-reset"


def _forgotten_password_by_phone(visit: ClassicVisit) -> Shows:
    _seed(visit, {"profile": {**NAMES, "mobilePhone": PHONE}})
    start = visit.open(features="smsRecovery,callRecovery").forgot_password()
    yield "forgot-password"
    challenge = start.fill(LOGIN).send_sms()
    yield "recovery-challenge"
    challenge.send_email_instead().back()
    token = visit.link().rpartition("/")[2]
    _by_token(visit, token, PasswordReset)
    _by_token(visit, token, RecoveryLoading).wait_for_error()
    yield "recovery-loading"


def _codes(visit: ClassicVisit) -> Shows:
    google = {"factor": "google_otp", "secret": SECRET}
    question = {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"}
    visit.seed_user(google, question)
    code = visit.open().sign_in_to(LOGIN, PASSWORD, VerifyGoogleAuthenticator)
    yield "mfa-verify-google-otp"
    code.choose(VerifyQuestion)
    yield "mfa-verify-question"
    visit.seed_user({"factor": "okta_otp", "secret": SECRET})
    visit.open().sign_in_to(LOGIN, PASSWORD, VerifyOktaVerify)
    yield "mfa-verify-okta-otp"


def _sent_codes(visit: ClassicVisit) -> Shows:
    phones = [{"factor": each, "phone_number": PHONE} for each in ("okta_sms", "okta_call")]
    visit.seed_user(*phones, {"factor": "okta_email"})
    sms = visit.open().sign_in_to(LOGIN, PASSWORD, VerifySms).send()
    yield "mfa-verify-sms"
    call = sms.choose(VerifyCall).send()
    yield "mfa-verify-call"
    call.choose(VerifyEmail).send()
    yield "mfa-verify-email"


def _push(visit: ClassicVisit) -> Shows:
    visit.seed_user({"factor": "okta_push"})
    push = visit.open().sign_in_to(LOGIN, PASSWORD, VerifyPush).send()
    yield "mfa-verify-push"
    visit.control.reject_push(LOGIN)
    push.wait_for_error()
    yield "mfa-verify-push-rejected"
    push.send()
    visit.control.clock.advance(timedelta(minutes=5, seconds=1))
    push.wait_for_error()
    yield "mfa-verify-push-timeout"


def _push_with_a_number(visit: ClassicVisit) -> Shows:
    visit.seed_user({"factor": "okta_push", "number_challenge": True})
    visit.open().sign_in_to(LOGIN, PASSWORD, VerifyPush).send().number()
    yield "mfa-verify-push-number"


def _security_key(visit: ClassicVisit) -> Shows:
    visit.seed_user(required=("fido_webauthn",))
    key = SecurityKey.plug_in(visit.page)
    try:
        form = visit.open(features="webauthn")
        enrol = form.sign_in_to(LOGIN, PASSWORD, EnrollChoices).submit_to(EnrollWebAuthn)
        yield "enroll-webauthn"
        enrol.submit()
        key.touch(is_touched=False)
        visit.open(features="webauthn").sign_in_to(LOGIN, PASSWORD, VerifyWebAuthn)
        yield "verify-webauthn"
    finally:
        key.unplug()


def _enrolling_what_the_user_knows_or_an_app_shows(visit: ClassicVisit) -> Shows:
    visit.seed_user(required=("okta_question",), optional=("google_otp",))
    form = visit.open(features="multiOptionalFactorEnroll")
    choices = form.sign_in_to(LOGIN, PASSWORD, EnrollChoices)
    question = choices.submit_to(EnrollQuestion)
    yield "enroll-question"
    choices = question.fill("disliked_food", "beetroot").submit_to(EnrollChoices)
    yield "enroll-choices"
    device = choices.set_up("GOOGLE_AUTH", EnrollTotp)
    yield "enroll-totp"
    barcode = device.on("APPLE")
    yield "barcode-totp"
    activation = barcode.scanned()
    yield "activate-totp"
    device = activation.back().set_up("GOOGLE_AUTH", EnrollTotp)
    device.on("ANDROID").set_up_manually()
    yield "enroll-manual-totp"


def _enrolling_phones_and_an_address(visit: ClassicVisit) -> Shows:
    visit.seed_user(required=("okta_sms",), optional=("okta_call", "okta_email"))
    form = visit.open(features="multiOptionalFactorEnroll")
    sms = form.sign_in_to(LOGIN, PASSWORD, EnrollChoices).submit_to(EnrollSms).send(NEW_PHONE)
    yield "enroll-sms"
    choices = sms.fill(visit.passcode("sms")).submit_to(EnrollChoices)
    call = choices.set_up("CALL", EnrollCall).send(NEW_PHONE)
    yield "enroll-call"
    if visit.is_7:
        choices = call.fill(visit.passcode("call")).submit_to(EnrollChoices)
        email = choices.set_up("EMAIL", EnrollEmail)
        yield "enroll-email"
        email.send()
        yield "enroll-activate-email"


def _enrolling_okta_verify(visit: ClassicVisit) -> Shows:
    visit.seed_user(required=("okta_push",))
    choices = visit.open().sign_in_to(LOGIN, PASSWORD, EnrollChoices)
    barcode = choices.submit_to(EnrollTotp).on_with_push("APPLE")
    yield "barcode-push"
    manual = barcode.set_up_manually()
    yield "enroll-manual-push"
    manual.send_email()
    yield "enroll-activation-link-sent"


def _registering(visit: ClassicVisit) -> Shows:
    visit.control.seed({"users": [_USER], "registration": {"activation_email": True}})
    form = visit.open(features="registration").register()
    form.fill(**{**_NEW_USER, "email": LOGIN}).be_refused()
    yield "registration"
    form.fill(**_NEW_USER).submit_to(RegistrationComplete)
    yield "registration-complete"


WALKS: Mapping[Walk, tuple[str, ...]] = MappingProxyType(
    {
        _signing_in: ("primary-auth", "refresh-auth-state"),
        _name_first: ("idp-discovery",),
        _wrong_passwords: (
            "primary-auth-refused",
            "primary-auth-locked-out",
            "account-unlock",
            "account-unlock-email-sent",
            "account-unlocked",
        ),
        _passwordless: (
            "primary-auth-passwordless",
            "mfa-verify-password",
            "mfa-verify-password-refused",
        ),
        _expired_password: ("password-expired", "password-expired-warning"),
        _forgotten_password: ("password-reset-email-sent", "recovery-question", "password-reset"),
        _forgotten_password_by_phone: (
            "forgot-password",
            "recovery-challenge",
            "recovery-loading",
        ),
        _codes: ("mfa-verify-google-otp", "mfa-verify-question", "mfa-verify-okta-otp"),
        _sent_codes: ("mfa-verify-sms", "mfa-verify-call", "mfa-verify-email"),
        _push: ("mfa-verify-push", "mfa-verify-push-rejected", "mfa-verify-push-timeout"),
        _push_with_a_number: ("mfa-verify-push-number",),
        _security_key: ("enroll-webauthn", "verify-webauthn"),
        _enrolling_what_the_user_knows_or_an_app_shows: (
            "enroll-question",
            "enroll-choices",
            "enroll-totp",
            "barcode-totp",
            "activate-totp",
            "enroll-manual-totp",
        ),
        _enrolling_phones_and_an_address: (
            "enroll-sms",
            "enroll-call",
            "enroll-email",
            "enroll-activate-email",
        ),
        _enrolling_okta_verify: (
            "barcode-push",
            "enroll-manual-push",
            "enroll-activation-link-sent",
        ),
        _registering: ("registration", "registration-complete"),
    }
)
"""Walk -> the screens that it shows, in order."""

SINCE_7 = frozenset({"enroll-email", "enroll-activate-email"})
"""Screens that older releases of the widget do not have."""

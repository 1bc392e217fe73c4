"""Selectors of the widget's screens where the Identity Engine signs users in, by generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mock_okta_harness.pages.selectors import ScreenSelectors


@dataclass(frozen=True, kw_only=True)
class IdentitySelectors(ScreenSelectors):
    """What is on the widget's screens where the Identity Engine signs users in.

    Links have no address: each is found by what the widget calls it (facts/identity F).
    """

    generation: Literal[2, 3]
    field_error: str
    # Checkboxes and radio buttons are hidden behind their labels.
    checkbox: str
    radio_button: str
    identifier: str = "input[name=identifier]"
    passcode: str = '[name="credentials.passcode"]'
    totp: str = '[name="credentials.totp"]'
    answer: str = '[name="credentials.answer"]'
    confirm_password: str = "[name=confirmPassword]"
    profile_field: str = '[name="userProfile.{}"]'
    user_code: str = "[name=userCode]"
    link_email: str = "[name=email]"
    link_phone_number: str = "[name=phoneNumber]"
    phone_number: str = '[name="authenticator.phoneNumber"]'
    question: str = 'select[name="credentials.questionKey"]'
    # Links.
    forgot_password: str = "[data-se=forgot-password]"
    unlock: str = "[data-se=unlock]"
    sign_up: str = "[data-se=enroll]"
    have_account: str = "[data-se=back]"
    provider: str = "[data-se*=social-auth]:has-text('{}')"
    something_else: str = "[data-se=switchAuthenticator]"
    cancel: str = "[data-se=cancel]"
    remind_me_later: str = "[data-se=skip]"
    skip_profile: str = ":is([data-se=skip], [data-se=skip-setup])"
    stay_signed_in: str = "[data-se=stay-signed-in-btn]"
    do_not_stay_signed_in: str = "[data-se=do-not-stay-signed-in-btn]"
    # Lists of authenticators.
    row: str
    row_label: str
    set_up_later: str
    unlock_next: str
    # Authenticators.
    user: str
    enter_code_instead: str
    call_instead: str
    send_again: str
    number: str
    qr_code: str
    qr_code_next: str
    cannot_scan: str
    other_channel: str
    secret: str
    qr_code_verify: str
    set_up_key: str = "[data-se=button]"
    deny: str
    ask_app: str
    link_to_app: str = "#custom-uri-container"
    stop_asking: str
    passcode_to_enter: str


SECOND_GENERATION = IdentitySelectors(
    generation=2,
    screens="#okta-sign-in .siw-main-view",
    error=":is(.okta-form-infobox-error, .infobox-error, .okta-form-input-error)",
    field_error=".okta-form-input-error",
    submit="[data-type=save]",
    checkbox='label[data-se-for-name="{}"]',
    radio_button="input[value={}] + label",
    row='[data-se="{}"] a[data-se=button]',
    row_label=".authenticator-label",
    set_up_later=".skip-all",
    unlock_next="[data-type=save]",
    user="[data-se=identifier]",
    enter_code_instead=".enter-auth-code-instead-link",
    call_instead="[data-se=phone-authenticator-challenge__link]",
    send_again=":is(.resend-link, .resend-number-challenge)",
    number="[data-se=challenge-number]",
    qr_code="img.qrcode",
    qr_code_next=".google-authenticator-next",
    cannot_scan=".cannot-scan-link",
    other_channel=".switch-channel-link",
    secret=".shared-secret",  # noqa: S106 -- a selector
    qr_code_verify=".google-authenticator-verify",
    deny="[data-type=cancel]",
    ask_app=".okta-verify-container [data-se=button]",
    stop_asking="[data-se=cancel-authenticator-challenge]",
    passcode_to_enter=".otp-value",
)
THIRD_GENERATION = IdentitySelectors(
    generation=3,
    screens="#okta-sign-in form[data-se=o-form]",
    # Above the form, for the widget's own refusals without a name; below a field.
    error=":is([data-se=infobox-error], div[role=alert]:not([data-se]), [id$='-error'])",
    field_error="[id$='-error']",
    submit="[data-se=save]",
    checkbox='label:has([name="{}"])',
    radio_button="label:has([value={}])",
    row='[data-se=authenticator-button]:has([data-se="{}"])',
    row_label="[data-se=authenticator-button-label]",
    set_up_later="[data-se=save]",
    unlock_next="button[type=submit]",
    user="[data-se=identifier-container] [data-se=identifier]",
    # Those without a name are all buttons of their screen that have none.
    enter_code_instead="button[type=button]:not([data-se])",
    call_instead="button[type=button]:not([data-se])",
    send_again=":is([data-se=callout], [role=alert]) a",
    number="[data-se=text-code]",
    qr_code="img[data-se=qrImg]",
    qr_code_next="button[type=button]:not([data-se]) >> nth=-1",
    cannot_scan="button[type=button]:not([data-se]) >> nth=0",
    other_channel="button[type=button]:not([data-se])",
    secret=".shared-secret",  # noqa: S106 -- a selector
    qr_code_verify="[data-se=save]",
    deny="[data-se=cancel]",
    # The first of the buttons without a name: those of identity providers have one.
    ask_app="button[type=button]:not([data-se]) >> nth=0",
    stop_asking="button:not([data-se])",
    passcode_to_enter="[data-se=otp-value]",
)
WIDGET_IS_THERE = f":is({SECOND_GENERATION.screens}, {THIRD_GENERATION.screens})"
# The second has its version in no attribute.
THIRD_GENERATION_IS_THERE = "#okta-sign-in[data-version]"


@dataclass(frozen=True, kw_only=True)
class ShownBy:
    """What shows that a screen is there, by generation.

    The second names its forms, and the authenticator that each is about. The third has no name for
    a screen: it is known by the authenticator's icon, by what is in the form, and what is not.
    """

    second: str
    third: str


def _shown_by(*forms: str, icon: str = "", has: tuple[str, ...] = (), lacks: str = "") -> ShownBy:
    # Lists are named for the screen from which they came, too.
    named = ", ".join(
        f"[class*=' {form[:-1]}']" if form.endswith("*") else f".{form}" for form in forms
    )
    shows = f":has([data-se~=authCoinSpacing] [data-se~={icon}])" if icon else ""
    content = "".join(f":has({each})" for each in has) + (f":not(:has({lacks}))" if lacks else "")
    return ShownBy(
        second=f"{SECOND_GENERATION.screens}:is({named})",
        third=f"#okta-sign-in{shows} form[data-se=o-form]{content}",
    )


_IDENTIFIER, _CANCEL = "input[name=identifier]", "[data-se=cancel]"
_TOTP, _CONFIRM = '[name="credentials.totp"]', "[name=confirmPassword]"
_PROFILE, _SKIP, _BACK = '[name^="userProfile."]', "[data-se=skip]", "[data-se=back]"
_SCOPES, _SCOPE_TO_TICK = "[data-se=consent-description]", '[name^="optedScopes."]'

IDENTIFY = _shown_by("identify", "identify--okta_password", has=(_IDENTIFIER,), lacks=_CANCEL)
IDENTIFY_RECOVERY = _shown_by(
    "identify-recovery", "identify-recovery--okta_password", has=(_IDENTIFIER, _CANCEL)
)
UNLOCK_ACCOUNT = _shown_by("select-authenticator-unlock-account*", has=(_IDENTIFIER, _CANCEL))
UNLOCK_IDENTIFY = _shown_by("unlock-account", has=(_IDENTIFIER, _CANCEL))
SELECT_TO_UNLOCK = _shown_by(
    "select-authenticator-unlock-account*",
    has=("[data-se=authenticator-verify-list]",),
    lacks=_IDENTIFIER,
)
SELECT_AUTHENTICATOR = _shown_by(
    "select-authenticator-authenticate*", has=("[data-se=authenticator-verify-list]",)
)
SELECT_ENROLLMENT = _shown_by(
    "select-authenticator-enroll*", has=("[data-se^=authenticator-enroll-list]",)
)
CHALLENGE_PASSWORD = _shown_by(
    "challenge-authenticator--okta_password", icon="mfa-okta-password", lacks=_CONFIRM
)
EMAIL_CHALLENGE = _shown_by(
    "authenticator-verification-data--okta_email",
    "challenge-authenticator--okta_email",
    icon="mfa-okta-email",
)
PHONE_CHALLENGE = _shown_by(
    "authenticator-verification-data--phone_number",
    "challenge-authenticator--phone_number",
    icon="mfa-okta-phone",
)
GOOGLE_CHALLENGE = _shown_by("challenge-authenticator--google_otp", icon="mfa-google-auth")
OKTA_VERIFY_CHALLENGE = _shown_by(
    "challenge-authenticator--okta_verify", icon="mfa-okta-verify", has=(_TOTP,)
)
PUSH_CHALLENGE = _shown_by(
    "authenticator-verification-data--okta_verify",
    "challenge-poll--okta_verify",
    "resend--okta_verify",
    icon="mfa-okta-verify",
    lacks=_TOTP,
)
FAST_PASS_CHALLENGE = _shown_by(
    "authenticator-verification-data--okta_verify",
    "challenge-poll--okta_verify:has(.device-challenge-poll)",
    "device-challenge-poll",
    icon="mfa-okta-verify",
    lacks=f":is({_TOTP}, [data-se=text-code])",
)
QUESTION_CHALLENGE = _shown_by(
    "challenge-authenticator--security_question", icon="mfa-okta-security-question"
)
SECURITY_KEY_CHALLENGE = _shown_by("challenge-authenticator--webauthn", icon="mfa-webauthn")
PASSWORD_EXPIRED = _shown_by(
    "reenroll-authenticator--okta_password", icon="mfa-okta-password", has=(_CONFIRM,)
)
PASSWORD_WARNING = _shown_by(
    "reenroll-authenticator-warning--okta_password",
    icon="mfa-okta-password",
    has=(_CONFIRM, "[data-se=skip]"),
)
RESET_PASSWORD = _shown_by(
    "reset-authenticator--okta_password", icon="mfa-okta-password", has=(_CONFIRM,)
)
ENROLL_PROFILE = _shown_by(
    "enroll-profile", "enroll-profile--okta_password", has=(_PROFILE,), lacks=_SKIP
)
PROFILE_UPDATE = _shown_by("profile-update", has=(_PROFILE, "[data-se=save]"), lacks=_BACK)
PASSWORD_ENROLLMENT = _shown_by(
    "enroll-authenticator--okta_password", icon="mfa-okta-password", has=(_CONFIRM,)
)
EMAIL_ENROLLMENT = _shown_by("enroll-authenticator--okta_email", icon="mfa-okta-email")
PHONE_ENROLLMENT = _shown_by(
    "authenticator-enrollment-data--phone_number",
    "enroll-authenticator--phone_number",
    icon="mfa-okta-phone",
)
GOOGLE_ENROLLMENT = _shown_by("enroll-authenticator--google_otp", icon="mfa-google-auth")
OKTA_VERIFY_ENROLLMENT = _shown_by(
    "enroll-poll--okta_verify", icon="mfa-okta-verify", lacks="input:not([type=hidden])"
)
OKTA_VERIFY_CHANNELS = _shown_by(
    "select-enrollment-channel--okta_verify", icon="mfa-okta-verify", has=("[type=radio]",)
)
OKTA_VERIFY_CHANNEL_DATA = _shown_by(
    "enrollment-channel-data--okta_verify",
    icon="mfa-okta-verify",
    has=(":is([name=email], [name=phoneNumber])",),
)
QUESTION_ENROLLMENT = _shown_by(
    "enroll-authenticator--security_question", icon="mfa-okta-security-question"
)
SECURITY_KEY_ENROLLMENT = _shown_by("enroll-authenticator--webauthn", icon="mfa-webauthn")
CONSENT = _shown_by("consent", has=(_SCOPES,), lacks=_SCOPE_TO_TICK)
GRANULAR_CONSENT = _shown_by("granular-consent", has=(_SCOPES, _SCOPE_TO_TICK))
EMAIL_CONSENT = _shown_by(
    "email-challenge-consent",
    icon="mfa-okta-email",
    has=("[data-se=save]", "[data-se=cancel]"),
    lacks="input:not([type=hidden])",
)
KEEP_SIGNED_IN = _shown_by("keep-me-signed-in", has=("[data-se=stay-signed-in-btn]",))
USER_CODE = _shown_by("user-code", has=("[name=userCode]",))
REQUEST_ACTIVATION = _shown_by(
    "request-activation-email",
    has=("[data-se=save]", "[role=alert]"),
    lacks="input:not([type=hidden])",
)
# A message alone: nothing is left to fill in, to choose or to send.
TERMINAL = _shown_by(
    "terminal",
    "terminal--okta_email",
    has=(":is([data-se=cancel], [role=alert], p)",),
    lacks=f"input:not([type=hidden]), button:not({_CANCEL})",
)

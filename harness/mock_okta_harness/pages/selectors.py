"""All selectors of the page objects; those of the widget by generation if they differ.

Generated ids of the widget (`input7`, `form1`) change between and within versions, so they are not
used here (facts/classic E).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal


def shown_screen(controller: str) -> str:
    """Match a screen by the widget's name for it, if it is the only screen in the widget.

    During a transition the old and the new screen are both in the document for about 200 ms.
    """
    return f"#okta-sign-in .auth-content-inner > .{controller}:only-child"


ANY_SCREEN = "#okta-sign-in .auth-content-inner > *"


@dataclass(frozen=True, kw_only=True)
class SignInFormSelectors:
    """The form for user name and password; its fields are in no other form."""

    form: str = shown_screen("primary-auth")
    username: str = "#okta-signin-username"
    password: str = "#okta-signin-password"
    # The checkbox itself is hidden behind its label.
    remember_me: str = "label[data-se-for-name=remember]"
    submit: str = "#okta-signin-submit"
    error: str = ".o-form-error-container .okta-form-infobox-error"
    is_sent_by_the_browser: bool = False


@dataclass(frozen=True, kw_only=True)
class ScreenSelectors:
    """Elements of every screen, in both engines."""

    screens: str
    title: str = "[data-se=o-form-head]"
    error: str
    submit: str


@dataclass(frozen=True, kw_only=True)
class WidgetSelectors(ScreenSelectors):
    """Elements of the widget's screens; each is searched within the visible screen."""

    sign_in: SignInFormSelectors = SignInFormSelectors()
    screens: str = ANY_SCREEN
    error: str = ".o-form-error-container .okta-form-infobox-error"
    warning: str = ".okta-form-infobox-warning"
    # Not by its type: some versions have a link instead of the button.
    submit: str = "[data-type=save]"
    cancel: str = "[data-type=cancel]"
    sign_out: str = "[data-se=signout-link]"
    back: str = "[data-se=back-link]"
    back_button: str = ":is([data-se=back-button], .back-btn)"
    # Below the sign-in form.
    need_help: str = "[data-se=needhelp]"
    help: str = "[data-se=help-link]"
    forgot_password: str = "[data-se=forgot-password]"
    unlock: str = "[data-se=unlock]"
    register: str = ".registration-link"
    provider: str = "a.social-auth-button"
    # Passwords and recovery.
    old_password: str = "[name=oldPassword]"
    new_password: str = "[name=newPassword]"
    confirm_password: str = "[name=confirmPassword]"
    skip: str = "[data-se=skip-link]"
    recovery_username: str = "#account-recovery-username"
    by_email: str = "[data-se=email-button]"
    by_sms: str = "[data-se=sms-button]"
    by_call: str = "[data-se=call-button]"
    send_again: str = "[data-se=resend-button]"
    send_email_instead: str = "[data-se=send-email-link]"
    # Factors.
    answer: str = "[name=answer]"
    pass_code: str = "[name=passCode]"
    password: str = "[name=password]"
    remember_device: str = "label[data-se-for-name=rememberDevice]"
    send_sms: str = "[data-se=sms-send-code]"
    make_call: str = "[data-se=make-call]"
    send_email: str = "[data-se=email-send-code]"
    enter_code_instead: str = "[data-se=inline-totp-add]"
    verify_code_instead: str = "[data-se=inline-totp-verify]"
    number: str = "[data-se=challenge-number]"
    # Enrolment.
    enrollable: str = ".enroll-factor-row"
    set_up: str = ".enroll-factor-row[data-se={}] .enroll-factor-button .button"
    question: str = "[name=question]"
    device_type: str = "[data-se-name=__deviceType__][value={}] + label"
    qr_code: str = "[data-se=qrcode]"
    refresh_qr_code: str = "[data-se=refresh-qrcode]"
    manual_setup: str = "[data-se=manual-setup]"
    scan_instead: str = "[data-se=goto-link]"
    secret: str = "[name=sharedSecret]"
    phone_number: str = "[name=phoneNumber]"
    # Two buttons are there, to send and to send again; one of them is hidden.
    send_to_phone: str = ".js-enroll-phone:visible"
    activation_type: str = "select[name=activationType]"
    # Discovery and registration.
    discovery_username: str = "#idp-discovery-username"
    field: str = "[name={}]"


@dataclass(frozen=True, kw_only=True)
class FactorSelectors:
    """An enrolled factor: the screen that asks for it, and its item in the menu."""

    screen: str
    menu_item: str


def _factor(form: str, icon: str, beacon: str = "") -> FactorSelectors:
    # Two factors have the same form: the beacon above it shows which one it is for.
    below = f":is(#okta-sign-in:has(.auth-beacon-factor.{beacon}) *)" if beacon else ""
    return FactorSelectors(
        screen=f"{shown_screen('mfa-verify')}:has({form}){below}",
        menu_item=f".okta-dropdown-list .factor-option a:has(.{icon})",
    )


GOOGLE_CODE = _factor("[data-se=factor-totp]", "mfa-google-auth-30", "mfa-google-auth")
OKTA_CODE = _factor("[data-se=factor-totp]", "mfa-okta-verify-30", "mfa-okta-verify")
PUSH = _factor("[data-se=factor-push]", "mfa-okta-verify-30")
SMS = _factor("[data-se=factor-sms]", "mfa-sms-30")
CALL = _factor("[data-se=factor-call]", "mfa-call-30")
EMAIL = _factor("[data-se=factor-email]", "mfa-email-30")
QUESTION = _factor("[data-se=factor-question]", "mfa-question-30")
PASSWORD = _factor("[data-se=factor-password]", "mfa-password-30")
SECURITY_KEY = _factor(".verify-webauthn-form", "mfa-webauthn-30")

# The menu is beside the beacon, outside of the screen.
FACTOR_MENU = "#okta-sign-in .factors-dropdown-wrap a.option-selected"

WIDGET_3 = WidgetSelectors()
WIDGET_2 = replace(WIDGET_3, recovery_username="[name=username]")
WIDGET_5 = WIDGET_3
WIDGET_7 = replace(
    WIDGET_3,
    send_email="[data-type=save][value='Send me the code']",
    secret=".shared-key",  # noqa: S106 -- a selector
)

# By the major version of the widget.
WIDGETS = MappingProxyType({"2": WIDGET_2, "3": WIDGET_3, "5": WIDGET_5, "7": WIDGET_7})

# With this attribute the org's plain form names the release that is missing.
MISSING_WIDGET = "data-missing-widget"
# The script that loads the widget on the org's page; its address names the release.
HOSTED_WIDGET = (
    "script[src*='/okta-signin-widget/']"
    ":is([src$='/js/okta-sign-in.min.js'], [src$='/js/okta-sign-in.next.js'])"
)

# The org's own form has the widget's ids and names and works without JavaScript.
PLAIN_FORM = replace(
    WIDGET_3,
    sign_in=SignInFormSelectors(
        form="#plain-sign-in",
        remember_me="[name=remember]",
        error="[role=alert]",
        is_sent_by_the_browser=True,
    ),
    screens="#plain-sign-in",
    error="[role=alert]",
)


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
    own_question: str = '[name="credentials.question"]'
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
_TOTP, _CONFIRM, _ROW = (
    '[name="credentials.totp"]',
    "[name=confirmPassword]",
    "[data-se=authenticator-button]",
)

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


@dataclass(frozen=True, kw_only=True)
class HomeSelectors:
    """The org's home page of a signed-in user."""

    user_menu: str = '[data-se="user-menu"]'
    sign_out: str = '[data-se="user-menu"] a[data-se="logout-link"]'


@dataclass(frozen=True, kw_only=True)
class IdentityProviderSelectors:
    """The page of an identity provider outside the org."""

    name: str = "h1"
    email: str = "#email"
    submit: str = "[data-se=external-submit]"
    known_user: str = "[data-se=external-user]"


@dataclass(frozen=True, kw_only=True)
class DemoSelectors:
    """The demo app's page; attributes of its body hold its state."""

    body: str = "body"
    state: str = "data-state"
    verified: str = "data-verified"
    messages_are_there: str = "body[data-messages]:not([data-messages=pending])"
    renewal_is_done: str = "body[data-renewal]:not([data-renewal=pending])"
    greeting: str = "#greeting"
    error: str = "#error"
    messages: str = "#messages li"
    get_messages: str = "#get-messages"
    renew_tokens: str = "#renew-tokens"
    sign_out: str = "#sign-out"


HOME = HomeSelectors()
IDENTITY_PROVIDER = IdentityProviderSelectors()
DEMO = DemoSelectors()


def widget_selectors(version: str) -> WidgetSelectors:
    """Return the selectors for a version of the widget.

    Raises `LookupError` for a generation that the page objects do not support.
    """
    generation = version.partition(".")[0]
    if generation not in WIDGETS:
        known = ", ".join(f"{number}.x" for number in WIDGETS)
        raise LookupError(
            f"The page objects do not support widget {version}; they support {known}."
        )
    return WIDGETS[generation]

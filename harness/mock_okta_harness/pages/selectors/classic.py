"""Selectors of the widget's screens where Classic Engine signs users in, by release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from mock_okta_harness.pages.selectors import ScreenSelectors


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

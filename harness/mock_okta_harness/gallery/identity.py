"""Walks through the Identity Engine's screens for somebody who signs in, on the org's own pages.

A name says what is asked for; a screen with several faces has a name for each.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from mock_okta_harness.gallery.visiting import (
    LOGIN,
    PASSWORD,
    PHONE,
    SECRET,
    IdentityVisit,
)
from mock_okta_harness.pages import HomePage, SecurityKey
from mock_okta_harness.pages.identity import (
    ChallengePassword,
    Consent,
    EmailChallenge,
    EmailConsent,
    GoogleChallenge,
    GranularConsent,
    Identify,
    KeepSignedIn,
    OktaVerifyChallenge,
    PhoneChallenge,
    PushChallenge,
    SecurityKeyChallenge,
    SecurityKeyEnrollment,
    SelectAuthenticator,
    SelectEnrollment,
    Terminal,
    UserCode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Any

    from playwright.sync_api import Page

    # A screen, and the page that has it if that is not the visit's own.
    Shows = Generator[str | tuple[str, Page], None, None]
    Walk = Callable[[IdentityVisit], Shows]

_EMAIL = {"factor": "okta_email"}
_PUSH = {"factor": "okta_push", "number_challenge": True}
_TV = "0oa1tel00000000000h7"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def _email_settings(**settings: Any) -> dict[str, Any]:
    return {"authenticators": [{"key": "okta_email", "settings": settings}]}


def _signing_in(visit: IdentityVisit) -> Shows:
    visit.seed(_EMAIL)
    identify = visit.open()
    yield "identify"
    identify.fill(LOGIN, "wrong").be_refused()
    yield "identify-refused"
    visit.control.clock.advance(timedelta(hours=2))
    identify.fill(LOGIN, PASSWORD).submit_to(Terminal)
    yield "session-expired"


def _name_first(visit: IdentityVisit) -> Shows:
    rule = {"require_factor": True, "primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
    policies = [{"rules": [rule]}]
    visit.seed(_EMAIL, sign_on_policies=policies, **_email_settings(uses_magic_link=False))
    identify = visit.open()
    yield "identify-name-alone"
    choosing = identify.fill(LOGIN).submit_to(SelectAuthenticator)
    password = choosing.choose(ChallengePassword)
    yield "challenge-password"
    password = password.fill("wrong").be_refused()
    yield "challenge-password-refused"
    choosing = password.verify_with_something_else()
    choosing.choose(EmailChallenge).send()
    yield "email-code-alone"


def _locked_out(visit: IdentityVisit) -> Shows:
    lockout = {"max_attempts": 1, "show_lockout_failures": True}
    visit.seed(password_policies=[{"lockout": lockout}])
    visit.open().fill(LOGIN, "wrong").be_refused()
    yield "identify-locked"


def _providers(visit: IdentityVisit) -> Shows:
    providers = [{"name": "Acme", "type": "OIDC"}, {"name": "Social", "type": "GOOGLE"}]
    visit.seed(identity_providers=providers)
    visit.open()
    yield "identify-with-providers"


def _authenticators(visit: IdentityVisit) -> Shows:
    phones = [{"factor": each, "phone_number": PHONE} for each in ("okta_sms", "okta_call")]
    codes = [{"factor": each, "secret": SECRET} for each in ("google_otp", "okta_otp")]
    visit.seed(_EMAIL, *phones, *codes, _PUSH)
    choosing = visit.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    yield "select-authenticator"
    google = choosing.choose(GoogleChallenge)
    yield "google"
    google.fill("000000").be_refused()
    yield "google-refused"
    phone = google.verify_with_something_else().choose(PhoneChallenge)
    yield "phone"
    phone = phone.send()
    yield "phone-code"
    phone = phone.verify_with_something_else().choose(PhoneChallenge).call()
    yield "phone-call-code"
    phone.verify_with_something_else().choose(OktaVerifyChallenge)
    yield "okta-verify-code"


def _email(visit: IdentityVisit) -> Shows:
    visit.seed(_EMAIL)
    email = visit.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge)
    yield "email"
    email = email.send()
    yield "email-sent"
    told = visit.elsewhere(visit.link(), Terminal, same_browser=False)
    yield "email-other-browser", told.page
    told.page.context.close()
    email.enter_code_instead().fill("000000").be_refused()
    yield "email-code-refused"
    visit.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    told = visit.elsewhere(visit.link(), Terminal, same_browser=True)
    yield "email-same-browser", told.page


def _email_consent(visit: IdentityVisit) -> Shows:
    visit.seed(_EMAIL, **_email_settings(link_asks_consent=True))
    email = visit.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    asked = visit.elsewhere(visit.link(), EmailConsent, same_browser=False)
    yield "email-consent", asked.page
    told = asked.deny()
    yield "email-consent-denied", told.page
    told.page.context.close()
    ended = Terminal(email.widget)
    yield "email-consent-cancelled"
    ended.cancel().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    asked = visit.elsewhere(visit.link(), EmailConsent, same_browser=False)
    told = asked.allow()
    yield "email-consent-allowed", told.page
    told.page.context.close()


def _push(visit: IdentityVisit) -> Shows:
    visit.seed(_PUSH)
    push = visit.open().sign_in_to(LOGIN, PASSWORD, PushChallenge)
    yield "push"
    push = push.send()
    push.number()
    yield "push-number"
    visit.control.reject_push(LOGIN)
    push.wait_for_error()
    yield "push-rejected"


def _fast_pass(visit: IdentityVisit) -> Shows:
    rule = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
    known = {"key": "okta_verify", "settings": {"show_sign_in_with_ov": "ALWAYS"}}
    policies = [{"rules": [rule]}]
    visit.seed({"factor": "signed_nonce"}, authenticators=[known], sign_on_policies=policies)
    identify = visit.open()
    yield "identify-with-fast-pass"
    identify = identify.sign_in_with_fast_pass().give_up()
    visit.page.route("**/probe", lambda route: route.abort())
    try:
        identify.sign_in_with_fast_pass().link()
    finally:
        visit.page.unroute("**/probe")
    yield "fast-pass-by-link"
    identify = visit.open()
    with visit.page.expect_response(f"{visit.org.url}/challenge"):
        identify.sign_in_with_fast_pass()
    yield "fast-pass"


def _security_key(visit: IdentityVisit) -> Shows:
    key = SecurityKey.plug_in(visit.page)
    try:
        visit.seed(enrollment_policies=[{"required": ("fido_webauthn",)}])
        choosing = visit.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
        enrolment = choosing.choose(SecurityKeyEnrollment)
        yield "enroll-security-key"
        enrolment.submit()
        visit.control.seed({"sign_on_policies": [{"rules": [{"require_factor": True}]}]})
        key.touch(is_touched=False)
        visit.open().sign_in_to(LOGIN, PASSWORD, SecurityKeyChallenge)
        yield "security-key"
    finally:
        key.unplug()


def _consenting(visit: IdentityVisit) -> Shows:
    visit.seed()
    visit.seed_app(consent_method="REQUIRED")
    visit.open_app(HomePage).sign_in_to(LOGIN, PASSWORD, Consent)
    yield "consent"
    visit.seed_app(consent_method="REQUIRED", granular_consent=True)
    visit.open_app(HomePage).sign_in_to(LOGIN, PASSWORD, GranularConsent)
    yield "granular-consent"


def _staying_signed_in(visit: IdentityVisit) -> Shows:
    rule = {"keep_me_signed_in": {"post_auth": "ALLOWED"}}
    visit.seed(authentication_policies=[{"name": "App", "rules": [rule]}])
    visit.seed_app(authentication_policy="App")
    visit.open_app(HomePage).sign_in_to(LOGIN, PASSWORD, KeepSignedIn)
    yield "keep-me-signed-in"


def _activating_a_device(visit: IdentityVisit) -> Shows:
    tv = {"name": "TV", "type": "native", "client_id": _TV, "grant_types": [_DEVICE_GRANT]}
    visit.seed(clients=[tv])
    asking = visit.open_at(f"{visit.org.url}/activate", UserCode)
    yield "user-code"
    asking = asking.fill("ABCDEFGH").be_refused()
    yield "user-code-refused"
    identify = asking.fill(_user_code(visit)).submit_to(Identify)
    consent = identify.sign_in_to(LOGIN, PASSWORD, Consent)
    yield "device-consent"
    consent.allow_to(Terminal)
    yield "device-activated"
    asking = visit.open_at(f"{visit.org.url}/activate", UserCode)
    identify = asking.fill(_user_code(visit)).submit_to(Identify)
    identify.sign_in_to(LOGIN, PASSWORD, Consent).deny_to(Terminal)
    yield "device-denied"


def _user_code(visit: IdentityVisit) -> str:
    """Have a device ask for its codes; return the one that the user enters."""
    address = f"{visit.org.issuer()}/v1/device/authorize"
    answer = visit.page.request.post(address, form={"client_id": _TV, "scope": "openid"})
    return str(answer.json()["user_code"])


WALKS: Mapping[Walk, tuple[str, ...]] = MappingProxyType(
    {
        _signing_in: ("identify", "identify-refused", "session-expired"),
        _name_first: (
            "identify-name-alone",
            "challenge-password",
            "challenge-password-refused",
            "email-code-alone",
        ),
        _locked_out: ("identify-locked",),
        _providers: ("identify-with-providers",),
        _authenticators: (
            "select-authenticator",
            "google",
            "google-refused",
            "phone",
            "phone-code",
            "phone-call-code",
            "okta-verify-code",
        ),
        _email: (
            "email",
            "email-sent",
            "email-other-browser",
            "email-code-refused",
            "email-same-browser",
        ),
        _email_consent: (
            "email-consent",
            "email-consent-denied",
            "email-consent-cancelled",
            "email-consent-allowed",
        ),
        _push: ("push", "push-number", "push-rejected"),
        _fast_pass: ("identify-with-fast-pass", "fast-pass-by-link", "fast-pass"),
        _security_key: ("enroll-security-key", "security-key"),
        _consenting: ("consent", "granular-consent"),
        _staying_signed_in: ("keep-me-signed-in",),
        _activating_a_device: (
            "user-code",
            "user-code-refused",
            "device-consent",
            "device-activated",
            "device-denied",
        ),
    }
)
"""Walk -> the screens that it shows, in order."""

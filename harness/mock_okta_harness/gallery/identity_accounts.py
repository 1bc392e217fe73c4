"""Walks through the Identity Engine's screens for enrolment, recovery, sign-up and profiles."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from mock_okta_harness.gallery.visiting import (
    LOGIN,
    NAMES,
    NEW_PASSWORD,
    NEW_PHONE,
    PASSWORD,
    PHONE,
    IdentityVisit,
)
from mock_okta_harness.pages.identity import (
    EmailChallenge,
    EmailEnrollment,
    ExpiredPassword,
    ExpiringPassword,
    GoogleEnrollment,
    OktaVerifyEnrollment,
    PasswordEnrollment,
    PhoneEnrollment,
    ProfileUpdate,
    QuestionChallenge,
    QuestionEnrollment,
    RequestActivation,
    ResetPassword,
    SelectAuthenticator,
    SelectEnrollment,
    Terminal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from playwright.sync_api import Page

    # A screen, and the page that has it if that is not the visit's own.
    Shows = Generator[str | tuple[str, Page], None, None]
    Walk = Callable[[IdentityVisit], Shows]

_NEW_USER = {"firstName": "New", "lastName": "User", "email": "new@example.com"}


def _enrolling(visit: IdentityVisit) -> Shows:
    optional = ("okta_sms", "google_otp", "okta_push")
    visit.seed(enrollment_policies=[{"required": ("okta_question",), "optional": optional}])
    choosing = visit.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    yield "select-enrollment-required"
    question = choosing.choose(QuestionEnrollment)
    yield "enroll-question"
    choosing = question.fill("kohl rabi").submit_to(SelectEnrollment)
    yield "select-enrollment-optional"
    phone = choosing.choose(PhoneEnrollment)
    yield "enroll-phone"
    phone = phone.send_to(NEW_PHONE)
    yield "enroll-phone-code"
    choosing = phone.fill(visit.passcode("sms")).submit_to(SelectEnrollment)
    google = choosing.choose(GoogleEnrollment)
    google.qr_code()
    yield "enroll-google"
    google = google.cannot_scan()
    yield "enroll-google-secret"
    secret = google.secret()
    google = google.scanned()
    yield "enroll-google-code"
    choosing = google.fill(visit.code_of_an_app(secret)).submit_to(SelectEnrollment)
    choosing.choose(OktaVerifyEnrollment).qr_code()
    yield "enroll-okta-verify"


def _okta_verify_by_a_link(visit: IdentityVisit) -> Shows:
    visit.seed(enrollment_policies=[{"required": ("okta_push",)}])
    choosing = visit.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    channels = choosing.choose(OktaVerifyEnrollment).cannot_scan()
    yield "okta-verify-channels"
    address = channels.by_sms()
    yield "okta-verify-phone"
    sent = address.fill(phone_number=NEW_PHONE).send()
    yield "okta-verify-sms-sent"
    address = sent.return_to_list().choose(OktaVerifyEnrollment).cannot_scan().by_email()
    yield "okta-verify-email"
    address.fill(email=LOGIN).send()
    yield "okta-verify-email-sent"


def _forgotten_password(visit: IdentityVisit) -> Shows:
    question = {"recovery_question": {"question": "Which plush toy?", "answer": "Otter"}}
    recovery = {"factors": ("EMAIL",), "asks_question": True}
    visit.seed(user=question, password_policies=[{"recovery": recovery}])
    recovering = visit.open().forgot_password()
    yield "identify-recovery"
    email = recovering.fill(LOGIN).submit_to(EmailChallenge).send()
    yield "recovery-email-sent"
    email.enter_code_instead().fill(visit.passcode())
    asked = email.submit_to(QuestionChallenge)
    yield "recovery-question"
    reset = asked.fill("Otter").submit_to(ResetPassword)
    yield "reset-password"
    reset.fill("short").be_refused()
    yield "reset-password-refused"


def _several_ways_to_recover(visit: IdentityVisit) -> Shows:
    phone = {"factor": "okta_sms", "phone_number": PHONE}
    visit.seed(user={"factors": [phone]})
    visit.open().forgot_password().fill(LOGIN).submit_to(SelectAuthenticator)
    yield "select-authenticator-recovery"


def _unlocking(visit: IdentityVisit) -> Shows:
    visit.seed(user={"status": "LOCKED_OUT"})
    unlocking = visit.open().unlock_account()
    yield "unlock-account"
    email = unlocking.choose(LOGIN, EmailChallenge)
    yield "unlock-email-sent"
    email.enter_code_instead().fill(visit.passcode())
    email.submit_to(Terminal)
    yield "unlocked"


def _unlocking_by_name(visit: IdentityVisit) -> Shows:
    phone = {"factor": "okta_sms", "phone_number": PHONE}
    user = {"status": "LOCKED_OUT", "factors": [phone]}
    recovery = {"unlock_asks_name_first": True}
    visit.seed(user=user, password_policies=[{"recovery": recovery}])
    unlocking = visit.open().unlock_by_name()
    yield "unlock-name"
    unlocking.go_on(LOGIN)
    yield "unlock-select-authenticator"


def _expired_password(visit: IdentityVisit) -> Shows:
    age = {"max_age_days": 90, "expire_warn_days": 10}
    visit.seed(user={"password_age_days": 95}, password_policies=[{"age": age}])
    expired = visit.open().sign_in_to(LOGIN, PASSWORD, ExpiredPassword)
    yield "password-expired"
    expired.fill(NEW_PASSWORD, "another").be_refused()
    yield "password-expired-refused"
    login = "other@example.com"
    visit.seed(login=login, user={"password_age_days": 85})
    visit.open().sign_in_to(login, PASSWORD, ExpiringPassword)
    yield "password-expiring"


def _registering(visit: IdentityVisit) -> Shows:
    visit.seed(registration={"activation_email": True})
    form = visit.open().sign_up()
    yield "enroll-profile"
    form = form.fill(NEW_PASSWORD, **NAMES, email=LOGIN).be_refused()
    yield "enroll-profile-refused"
    form.fill(NEW_PASSWORD, **_NEW_USER).submit_to(EmailEnrollment)
    yield "enroll-email"


def _registering_by_profile_alone(visit: IdentityVisit) -> Shows:
    visit.seed(registration={"asks_password": False, "activation_email": True})
    form = visit.open().sign_up()
    yield "enroll-profile-alone"
    choosing = form.fill(**_NEW_USER).submit_to(SelectEnrollment)
    yield "select-enrollment-sign-up"
    password = choosing.choose(PasswordEnrollment)
    yield "enroll-password"
    password.fill("short").be_refused()
    yield "enroll-password-refused"


def _activating(visit: IdentityVisit) -> Shows:
    visit.seed(user={"status": "STAGED", "password": ""})
    visit.control.change_user(LOGIN, "activate")
    visit.control.clock.advance(timedelta(days=8))
    asking = visit.open_at(visit.link(), RequestActivation)
    yield "request-activation-email"
    asking.request()
    yield "activation-email-requested"


def _completing_a_profile(visit: IdentityVisit) -> Shows:
    second = {"name": "secondEmail", "label": "Secondary email"}
    visit.seed(profile_enrollment={"profile_attributes": [second]})
    visit.open().sign_in_to(LOGIN, PASSWORD, ProfileUpdate)
    yield "profile-update-optional"
    required = {"name": "department", "label": "Department", "required": True}
    visit.control.seed({"profile_enrollment": {"profile_attributes": [second, required]}})
    update = visit.open().sign_in_to(LOGIN, PASSWORD, ProfileUpdate)
    yield "profile-update"
    update.be_refused()
    yield "profile-update-refused"


WALKS: Mapping[Walk, tuple[str, ...]] = MappingProxyType(
    {
        _enrolling: (
            "select-enrollment-required",
            "enroll-question",
            "select-enrollment-optional",
            "enroll-phone",
            "enroll-phone-code",
            "enroll-google",
            "enroll-google-secret",
            "enroll-google-code",
            "enroll-okta-verify",
        ),
        _okta_verify_by_a_link: (
            "okta-verify-channels",
            "okta-verify-phone",
            "okta-verify-sms-sent",
            "okta-verify-email",
            "okta-verify-email-sent",
        ),
        _forgotten_password: (
            "identify-recovery",
            "recovery-email-sent",
            "recovery-question",
            "reset-password",
            "reset-password-refused",
        ),
        _several_ways_to_recover: ("select-authenticator-recovery",),
        _unlocking: ("unlock-account", "unlock-email-sent", "unlocked"),
        _unlocking_by_name: ("unlock-name", "unlock-select-authenticator"),
        _expired_password: ("password-expired", "password-expired-refused", "password-expiring"),
        _registering: ("enroll-profile", "enroll-profile-refused", "enroll-email"),
        _registering_by_profile_alone: (
            "enroll-profile-alone",
            "select-enrollment-sign-up",
            "enroll-password",
            "enroll-password-refused",
        ),
        _activating: ("request-activation-email", "activation-email-requested"),
        _completing_a_profile: (
            "profile-update-optional",
            "profile-update",
            "profile-update-refused",
        ),
    }
)
"""Walk -> the screens that it shows, in order."""

"""Which walk shows each of the Identity Engine's forms in the browser, in both generations.

A form that no walk shows has a line that says why not.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mock_okta.idx.remediations import OFFERED

CODES, LINK, PUSHES = (
    "test_codes_of_apps_and_phones_and_something_else",
    "test_an_e_mail_s_link_and_passcode",
    "test_a_push_is_rejected_and_its_number_is_picked",
)
NAME_FIRST = "test_the_name_comes_first_then_the_password_and_a_code_without_a_link"
WRONG_PASSWORDS = "test_a_user_signs_in_after_wrong_passwords"
FORGOTTEN = "test_a_forgotten_password_is_set_anew_by_e_mail"
EXPIRED = "test_an_expired_password_has_to_be_changed_and_an_expiring_one_may_be"
REGISTERS, BY_PROFILE = (
    "test_somebody_registers",
    "test_a_sign_up_by_profile_alone_sets_a_password_next",
)
PROFILE = "test_a_profile_that_lacks_something_is_completed"
ENROLS = "test_required_authenticators_are_set_up_and_others_may_be"
BY_LINK = "test_okta_verify_is_set_up_by_a_link"
ELSEWHERE = "test_a_link_asks_in_another_browser_whether_it_was_the_user"
FAST_PASS = "test_fast_pass_finds_out_who_signs_in"
PASSKEY = "test_a_passkey_signs_in_where_the_browser_offers_it"
UNLOCKED = "test_a_locked_account_is_unlocked"

SHOWN: Mapping[str, str] = MappingProxyType(
    {
        "identify": WRONG_PASSWORDS,
        "challenge-webauthn-autofillui-authenticator": PASSKEY,
        "launch-authenticator": FAST_PASS,
        "device-challenge-poll": FAST_PASS,
        "cancel-polling": FAST_PASS,
        "redirect-idp": "test_an_identity_provider_signs_a_user_in",
        "identify-recovery": FORGOTTEN,
        "recover": FORGOTTEN,
        "reset-authenticator": FORGOTTEN,
        "unlock-account": UNLOCKED,
        "select-authenticator-unlock-account": UNLOCKED,
        "cancel": "test_a_sign_in_is_given_up_and_expires",
        "select-authenticator-authenticate": CODES,
        "authenticator-verification-data": LINK,
        "challenge-authenticator": CODES,
        "poll": LINK,
        "challenge-poll": PUSHES,
        "resend": PUSHES,
        "reenroll-authenticator": EXPIRED,
        "reenroll-authenticator-warning": EXPIRED,
        "select-enroll-profile": REGISTERS,
        "enroll-profile": REGISTERS,
        "select-identify": REGISTERS,
        "select-authenticator-enroll": ENROLS,
        "authenticator-enrollment-data": ENROLS,
        "enroll-authenticator": ENROLS,
        "enroll-poll": ENROLS,
        "select-enrollment-channel": BY_LINK,
        "enrollment-channel-data": BY_LINK,
        "profile-update": PROFILE,
        "skip": PROFILE,
        "keep-me-signed-in": "test_staying_signed_in_is_asked_at_the_end",
        "consent": "test_an_app_redirects_and_asks_for_consent",
        "granular-consent": "test_scopes_are_consented_to_one_by_one",
        "email-challenge-consent": ELSEWHERE,
        "user-code": "test_a_device_is_activated",
        "request-activation-email": "test_an_activation_link_that_has_expired_is_replaced",
    }
)
"""Form -> the walk that shows it."""

NOT_SHOWN: Mapping[str, str] = MappingProxyType({})
"""Form -> why no walk shows it."""

LEFT_IN_THREE_WAYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identify": (WRONG_PASSWORDS, FORGOTTEN),
        "identify-recovery": (FORGOTTEN,),
        "challenge-authenticator": (NAME_FIRST,),
        "device-challenge-poll": (FAST_PASS,),
        "challenge-poll": (NAME_FIRST, PUSHES),
        "reenroll-authenticator": (EXPIRED,),
        "enroll-profile": (BY_PROFILE,),
        "enroll-authenticator": (BY_PROFILE,),
        "authenticator-enrollment-data": (ENROLS,),
        "enrollment-channel-data": (BY_LINK,),
        "profile-update": (PROFILE,),
        "unlock-account": ("test_an_account_is_unlocked_by_its_name_first",),
        "email-challenge-consent": (ELSEWHERE,),
    }
)
"""Form -> the walks that leave it by success, by refusal and by going back."""


def _walks() -> set[str]:
    modules = Path(__file__).parent.glob("test_identity_*.py")
    return {
        name for each in modules for name in re.findall(r"def (test_\w+)\(walk", each.read_text())
    }


def _forms() -> set[str]:
    return {each.name for offered in OFFERED.values() for each in offered}


def test_every_form_is_shown_or_has_a_line_that_says_why_not() -> None:
    assert {*SHOWN, *NOT_SHOWN} == _forms()
    assert not {*SHOWN} & {*NOT_SHOWN}


def test_ten_forms_are_left_in_three_ways() -> None:
    assert len(LEFT_IN_THREE_WAYS) >= 10
    assert {*LEFT_IN_THREE_WAYS} <= _forms()


def test_the_walks_are_there() -> None:
    named = {*SHOWN.values(), *(each for walks in LEFT_IN_THREE_WAYS.values() for each in walks)}
    assert named <= _walks()

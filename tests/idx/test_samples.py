"""Screens have the fields, links and members of the widget's own samples, but for what is listed.

The samples are Okta's and not in this repository: `OKTA_WIDGET_SAMPLES_DIR` names their folder.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from mock_okta import Config
from tests.idx.comparing import differences
from tests.idx.enrolling import Enrolling
from tests.idx.sample_screens import SCREENS

DIRECTORY = os.environ.get("OKTA_WIDGET_SAMPLES_DIR")

pytestmark = pytest.mark.skipif(
    not DIRECTORY, reason="OKTA_WIDGET_SAMPLES_DIR does not say where the widget's samples are"
)


@pytest.fixture
def config(hosted_config: Config) -> Config:
    """An org whose own pages have a widget, for devices."""
    return hosted_config


_WORD = 'the sample has the word "false" in place of the value'
_POSTED_BACK = "facts/identity C.2: a constant object, posted back as it is"
_HIDDEN = "facts/identity C.2: the answer is typed as a password is"
_ISSUER = "as in post-auth-keep-me-signed-in"
_NEEDED = "a page stops nobody who leaves it blank; the org does"
_REQUEST = (
    *("code_challenge", "code_challenge_method", "display", "max_age", "nonce", "redirect_uri"),
    *("response_mode", "response_type", "scope", "state"),
)
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
        "identify-with-device-probing-loopback-challenge-not-received": {
            "+ identify.rememberMe: boolean": "as in identify-with-remember-me",
            "+ link unlock-account": "as in identify-with-password",
        },
        "identify-with-webauthn-autofill": {
            "+ link unlock-account": "as in identify-with-password",
            **{
                f"- authentication.{each}: given": "no page reads it"
                for each in (
                    "issuer.name",
                    "issuer.uri",
                    "protocol",
                    "request.code_challenge",
                    "request.code_challenge_method",
                    "request.display",
                    "request.max_age",
                    "request.nonce",
                    "request.redirect_uri",
                    "request.response_mode",
                    "request.response_type",
                    "request.scope",
                    "request.state",
                )
            },
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
        "authenticator-verification-data-okta-verify-push-autoChallenge-off": {
            "+ authenticator-verification-data.authenticator.autoChallenge: boolean": _WORD,
            "- authenticator-verification-data.authenticator.autoChallenge: boolean required": (
                _WORD
            ),
            "- currentAuthenticator.resend: an action": "nothing was sent yet",
        },
        "authenticator-verification-okta-verify-push-autoChallenge-on": {
            "+ challenge-poll.autoChallenge: boolean": _WORD,
            "- challenge-poll.autoChallenge: boolean required": _WORD,
            "- currentAuthenticator.resend: an action": (
                "as in authenticator-verification-okta-verify-push"
            ),
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
        "authenticator-verification-webauthn": {
            "+ currentAuthenticator.credentialId: given": "the sample has it with the enrolments",
        },
        "consent-enduser": {"+ authentication.issuer.name: given": _ISSUER},
        "consent-granular": {
            "+ authentication.issuer.name: given": _ISSUER,
            "- granular-consent.optedScopes.email: boolean required": (
                "Okta's own scopes need no consent in the org of the test"
            ),
        },
        "device-code-activate": {
            "+ user-code.userCode: string required": _NEEDED,
            "- user-code.userCode: string": _NEEDED,
        },
        "identify-with-third-party-idps": {
            "+ identify.identifier: string required": "as in identify-with-password",
            "- identify.identifier: string": "as in identify-with-password",
            "+ identify.rememberMe: boolean": "as in identify-with-remember-me",
            "+ link unlock-account": "the policy of the test lets accounts be unlocked",
            "- link select-enroll-profile": "the org of the test lets nobody sign up",
        },
        "post-auth-keep-me-signed-in": {
            f"- authentication.{name}: given": "no page reads it where nothing is consented to"
            for name in (
                *("issuer.name", "issuer.uri", "protocol"),
                *(f"request.{each}" for each in _REQUEST),
            )
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

# Made of pages/identity/__init__.py by `nox -s async_pages`: change that file.
"""The widget's screens where the Identity Engine signs users in, in both generations of 7.49.

One class a screen. The first one is `Identify`: `widget_on` gives what it needs on a page of your
app, and `HostedSignInPage.identify` makes it on the org's own. The generation is read off the page.
What follows an act is a matter of the org's policies, so that the test names it:
`identify.sign_in_to(login, password, SelectAuthenticator)`, and then `choose(EmailChallenge)`.
"""

from mock_okta_harness.async_pages.identity.challenges import (
    ChallengePassword,
    EmailChallenge,
    FastPassChallenge,
    GoogleChallenge,
    OktaVerifyChallenge,
    PhoneChallenge,
    PushChallenge,
    QuestionChallenge,
    SecurityKeyChallenge,
)
from mock_okta_harness.async_pages.identity.choosing import (
    SelectAuthenticator,
    SelectEnrollment,
    SelectToUnlock,
)
from mock_okta_harness.async_pages.identity.enrollments import (
    EmailEnrollment,
    GoogleEnrollment,
    OktaVerifyAddress,
    OktaVerifyChannels,
    OktaVerifyEnrollment,
    PasswordEnrollment,
    PhoneEnrollment,
    QuestionEnrollment,
    SecurityKeyEnrollment,
)
from mock_okta_harness.async_pages.identity.recovery import (
    ExpiredPassword,
    ExpiringPassword,
    IdentifyRecovery,
    ResetPassword,
    UnlockAccount,
    UnlockIdentify,
)
from mock_okta_harness.async_pages.identity.screen import (
    IdentityScreen,
    widget_on,
)
from mock_okta_harness.async_pages.identity.sign_in import (
    Consent,
    EmailConsent,
    EnrollProfile,
    GranularConsent,
    Identify,
    KeepSignedIn,
    ProfileUpdate,
    RequestActivation,
    Terminal,
    UserCode,
)

__all__ = [
    "ChallengePassword",
    "Consent",
    "EmailChallenge",
    "EmailConsent",
    "EmailEnrollment",
    "EnrollProfile",
    "ExpiredPassword",
    "ExpiringPassword",
    "FastPassChallenge",
    "GoogleChallenge",
    "GoogleEnrollment",
    "GranularConsent",
    "Identify",
    "IdentifyRecovery",
    "IdentityScreen",
    "KeepSignedIn",
    "OktaVerifyAddress",
    "OktaVerifyChallenge",
    "OktaVerifyChannels",
    "OktaVerifyEnrollment",
    "PasswordEnrollment",
    "PhoneChallenge",
    "PhoneEnrollment",
    "ProfileUpdate",
    "PushChallenge",
    "QuestionChallenge",
    "QuestionEnrollment",
    "RequestActivation",
    "ResetPassword",
    "SecurityKeyChallenge",
    "SecurityKeyEnrollment",
    "SelectAuthenticator",
    "SelectEnrollment",
    "SelectToUnlock",
    "Terminal",
    "UnlockAccount",
    "UnlockIdentify",
    "UserCode",
    "widget_on",
]

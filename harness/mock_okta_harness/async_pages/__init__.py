# Made of pages/__init__.py by `nox -s async_pages`: change that file.
"""Page objects, asynchronous: each screen of the widget, the org's own pages, the demo page.

Awaiting one waits until it is there: `await HomePage(page)`.
A method either acts or reads. One that acts returns the page that follows, once the browser is
there. Nothing here asserts or sleeps.

The classes of the widget's screens are named as the widget names them (`PasswordExpired` is
`password-expired`). Those are the screens of Classic Engine; the screens of the Identity Engine are
in `identity`.
"""

from mock_okta_harness.async_pages import identity
from mock_okta_harness.async_pages.app_enrolment import (
    ActivateTotp,
    BarcodePush,
    BarcodeTotp,
    EnrollActivationLinkSent,
    EnrollManualPush,
    EnrollManualTotp,
    EnrollTotp,
)
from mock_okta_harness.async_pages.demo import DemoPage, StoredTokens
from mock_okta_harness.async_pages.discovery import ConsentRequired, IdpDiscovery, RefreshAuthState
from mock_okta_harness.async_pages.enrolment import (
    EnrollActivateEmail,
    EnrollCall,
    EnrollChoices,
    EnrollEmail,
    EnrollQuestion,
    EnrollSms,
    EnrollWebAuthn,
)
from mock_okta_harness.async_pages.factors import (
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
from mock_okta_harness.async_pages.identity_provider import IdentityProviderPage
from mock_okta_harness.async_pages.org import HomePage, HostedSignInPage
from mock_okta_harness.async_pages.passwords import PasswordExpired, PasswordReset
from mock_okta_harness.async_pages.recovery import (
    AccountUnlock,
    AccountUnlocked,
    AccountUnlockEmailSent,
    ForgotPassword,
    PasswordResetEmailSent,
    RecoveryChallenge,
    RecoveryLoading,
    RecoveryQuestion,
)
from mock_okta_harness.async_pages.registration import Registration, RegistrationComplete
from mock_okta_harness.async_pages.screen import Form, Screen, ShownWidget
from mock_okta_harness.async_pages.security_key import SecurityKey
from mock_okta_harness.async_pages.sign_in import SignInForm
from mock_okta_harness.pages.errors import WidgetMissingError, WrongScreenError

__all__ = [
    "AccountUnlock",
    "AccountUnlockEmailSent",
    "AccountUnlocked",
    "ActivateTotp",
    "BarcodePush",
    "BarcodeTotp",
    "ConsentRequired",
    "DemoPage",
    "EnrollActivateEmail",
    "EnrollActivationLinkSent",
    "EnrollCall",
    "EnrollChoices",
    "EnrollEmail",
    "EnrollManualPush",
    "EnrollManualTotp",
    "EnrollQuestion",
    "EnrollSms",
    "EnrollTotp",
    "EnrollWebAuthn",
    "ForgotPassword",
    "Form",
    "HomePage",
    "HostedSignInPage",
    "IdentityProviderPage",
    "IdpDiscovery",
    "PasswordExpired",
    "PasswordReset",
    "PasswordResetEmailSent",
    "RecoveryChallenge",
    "RecoveryLoading",
    "RecoveryQuestion",
    "RefreshAuthState",
    "Registration",
    "RegistrationComplete",
    "Screen",
    "SecurityKey",
    "ShownWidget",
    "SignInForm",
    "StoredTokens",
    "VerifyCall",
    "VerifyEmail",
    "VerifyGoogleAuthenticator",
    "VerifyOktaVerify",
    "VerifyPassword",
    "VerifyPush",
    "VerifyQuestion",
    "VerifySms",
    "VerifyWebAuthn",
    "WidgetMissingError",
    "WrongScreenError",
    "identity",
]

"""What is offered on which screen, in one table; the first remediation decides what is shown."""

from collections.abc import Mapping
from types import MappingProxyType

from mock_okta.idx.remediations.activation import RequestActivationEmail
from mock_okta.idx.remediations.autofill import ChallengeWebauthnAutofill
from mock_okta.idx.remediations.challenge_authenticator import ChallengeAuthenticator
from mock_okta.idx.remediations.choosing import (
    AuthenticatorVerificationData,
    SelectAuthenticatorAuthenticate,
)
from mock_okta.idx.remediations.consent import Consent, GranularConsent
from mock_okta.idx.remediations.device import UserCode
from mock_okta.idx.remediations.email_consent import EmailChallengeConsent
from mock_okta.idx.remediations.enroll_authenticator import EnrollAuthenticator, EnrollPoll
from mock_okta.idx.remediations.enrolling import (
    AuthenticatorEnrollmentData,
    EnrollmentChannelData,
    ResendEnrolment,
    SelectAuthenticatorEnroll,
    SelectEnrollmentChannel,
)
from mock_okta.idx.remediations.fast_pass import (
    CancelPolling,
    DeviceChallengePoll,
    LaunchAuthenticator,
)
from mock_okta.idx.remediations.identify import Identify
from mock_okta.idx.remediations.navigation import Cancel, Skip
from mock_okta.idx.remediations.passwords import (
    ReenrollAuthenticator,
    ReenrollAuthenticatorWarning,
    ResetAuthenticator,
)
from mock_okta.idx.remediations.polling import ChallengePoll, Poll, Resend, ResendPush
from mock_okta.idx.remediations.profile import ProfileUpdate
from mock_okta.idx.remediations.recovery import (
    IdentifyRecovery,
    Recover,
    SelectAuthenticatorUnlockAccount,
    UnlockAccount,
    UnlockIdentify,
)
from mock_okta.idx.remediations.redirect_idp import RedirectIdp
from mock_okta.idx.remediations.registration import (
    EnrollProfile,
    SelectEnrollProfile,
    SelectIdentify,
)
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.remediations.staying import KeepMeSignedIn
from mock_okta.idx.scenes import Scene
from mock_okta.model.interactions import Purpose, Screen

__all__ = ["OFFERED", "Remediations"]

OFFERED: Mapping[Screen, tuple[type[Remediation], ...]] = MappingProxyType(
    {
        Screen.IDENTIFY: (
            Identify,
            ChallengeWebauthnAutofill,
            LaunchAuthenticator,
            SelectEnrollProfile,
            UnlockAccount,
            RedirectIdp,
            Recover,
            Cancel,
        ),
        Screen.ASK_DEVICE: (DeviceChallengePoll, CancelPolling, Cancel),
        Screen.DEVICE_CODE: (UserCode, Cancel),
        Screen.SENT_TO_PROVIDER: (RedirectIdp, Cancel),
        Screen.IDENTIFY_TO_RECOVER: (IdentifyRecovery, SelectEnrollProfile, Cancel),
        Screen.REGISTER: (EnrollProfile, SelectIdentify, Cancel),
        Screen.COMPLETE_PROFILE: (ProfileUpdate, Skip, Cancel),
        Screen.KEEP_SIGNED_IN: (KeepMeSignedIn, Cancel),
        Screen.CONSENT: (Consent, GranularConsent, Cancel),
        Screen.EMAIL_CONSENT: (EmailChallengeConsent,),
        Screen.IDENTIFY_TO_UNLOCK: (UnlockIdentify, SelectAuthenticatorUnlockAccount, Cancel),
        Screen.PASSWORD_EXPIRED: (ReenrollAuthenticator, Cancel),
        Screen.PASSWORD_WARNING: (ReenrollAuthenticatorWarning, Skip, Cancel),
        Screen.RESET_PASSWORD: (ResetAuthenticator, Cancel),
        Screen.CHOOSE_AUTHENTICATOR: (SelectAuthenticatorAuthenticate, Cancel),
        Screen.CHOOSE_METHOD: (
            AuthenticatorVerificationData,
            SelectAuthenticatorAuthenticate,
            Cancel,
        ),
        Screen.CHALLENGE: (
            ChallengeAuthenticator,
            ChallengePoll,
            CancelPolling,
            ResendPush,
            Resend,
            Poll,
            Recover,
            SelectAuthenticatorAuthenticate,
            Cancel,
        ),
        Screen.REQUEST_ACTIVATION: (RequestActivationEmail, Cancel),
        Screen.CHOOSE_ENROLMENT: (SelectAuthenticatorEnroll, Skip, Cancel),
        Screen.ENROLMENT_DATA: (
            AuthenticatorEnrollmentData,
            EnrollmentChannelData,
            SelectEnrollmentChannel,
            SelectAuthenticatorEnroll,
            Skip,
            Cancel,
        ),
        Screen.ENROL: (
            EnrollAuthenticator,
            EnrollPoll,
            SelectEnrollmentChannel,
            ResendEnrolment,
            Poll,
            SelectAuthenticatorEnroll,
            Skip,
            Cancel,
        ),
        Screen.SUCCESS: (),
        Screen.OVER: (Cancel,),
        Screen.ELSEWHERE: (),
    }
)
_BEGIN_AGAIN: Mapping[tuple[Purpose, str], type[Remediation]] = MappingProxyType(
    {
        (Purpose.SIGN_IN, Identify.path): Identify,
        (Purpose.RECOVERY, Recover.path): Recover,
        (Purpose.RECOVERY, IdentifyRecovery.path): IdentifyRecovery,
        (Purpose.UNLOCK, UnlockAccount.path): UnlockAccount,
    }
)


class Remediations:
    """The remediations of one org, made once each."""

    def __init__(self, *made: Remediation) -> None:
        self._by_type = {type(each): each for each in made}

    def offered(self, scene: Scene) -> tuple[Remediation, ...]:
        """Return what the scene's screen offers, in order."""
        found = (self._by_type[each] for each in OFFERED[scene.screen])
        return tuple(each for each in found if each.is_offered(scene))

    def at(self, path: str, scene: Scene) -> Remediation | None:
        """Return what is offered at that path.

        A sign-in and a recovery may begin again on every later screen: okta-auth-js goes back to
        `identify` when the password that it sent along is refused. A poll says where the sign-in
        stands, wherever the link of an e-mail has brought it.
        """
        for each in self.offered(scene):
            if each.path == path:
                return each
        if path in (Poll.path, ChallengePoll.path):
            return self._by_type[Poll]
        if scene.screen in (Screen.SUCCESS, Screen.ELSEWHERE):
            return None
        again = _BEGIN_AGAIN.get((scene.transaction.purpose, path))
        return None if again is None else self._by_type[again]

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths below `/idp/idx/`."""
        return tuple(dict.fromkeys(each.path for each in self._by_type.values()))

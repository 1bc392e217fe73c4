"""What the Identity Engine serves, at one of the org's names, and its engine for other features."""

from itertools import chain

from mock_okta.idx.activations import Activations
from mock_okta.idx.beginning import Beginnings
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.documents import Documents
from mock_okta.idx.endpoints import IdxEndpoint
from mock_okta.idx.engine import IdentityEngine
from mock_okta.idx.enrolments import Enrolments
from mock_okta.idx.magic_links import MagicLinksEndpoint
from mock_okta.idx.mailed_tokens import MailedTokens
from mock_okta.idx.needs import Needs
from mock_okta.idx.okta_verify_app import OktaVerifyApp
from mock_okta.idx.redirects import TokenRedirectEndpoint
from mock_okta.idx.remediations import Remediations
from mock_okta.idx.remediations.activation import RequestActivationEmail
from mock_okta.idx.remediations.autofill import ChallengeWebauthnAutofill
from mock_okta.idx.remediations.challenge_authenticator import ChallengeAuthenticator
from mock_okta.idx.remediations.choosing import (
    AuthenticatorVerificationData,
    SelectAuthenticatorAuthenticate,
)
from mock_okta.idx.remediations.consent import Consent, GranularConsent
from mock_okta.idx.remediations.device import UserCode
from mock_okta.idx.remediations.email_consent import EmailChallengeConsent, OpenedLinks
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
from mock_okta.idx.remediations.staying import KeepMeSignedIn
from mock_okta.idx.scenes import Scenes
from mock_okta.idx.settling import Settling
from mock_okta.idx.transactions import identity_transactions
from mock_okta.services.services import Services
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.web.cookies import Cookies
from mock_okta.web.routing import Endpoint, Route

__all__ = ["identity_engine", "routes"]


def routes(services: Services, cookies: Cookies) -> tuple[Route, ...]:
    """Return the remediations, and where a sign-in ends."""
    transactions = identity_transactions(services)
    settling = _settling(services)
    mailed_tokens = _mailed_tokens(services, settling)
    scenes = _scenes(services, settling)
    links = OpenedLinks(
        storage=services.storage,
        clock=services.clock,
        transactions=transactions,
        scenes=scenes,
        proving=_challenge(services, settling),
        enrolling=EnrollAuthenticator(enrolments=_enrolments(services, settling)),
    )
    remediations = _remediations(services, settling, links)
    endpoints: tuple[Endpoint, ...] = (
        IdxEndpoint(
            beginnings=Beginnings(
                storage=services.storage,
                clock=services.clock,
                transactions=transactions,
                mailed_tokens=mailed_tokens,
                settling=settling,
            ),
            transactions=transactions,
            scenes=scenes,
            remediations=remediations,
            documents=Documents(remediations=remediations),
            cookies=cookies,
            ids=services.ids,
        ),
        MagicLinksEndpoint(
            storage=services.storage,
            policies=services.policies,
            transactions=transactions,
            links=links,
            cookies=cookies,
            site=cookies.site,
        ),
        OktaVerifyApp(
            policies=services.policies, pushes=services.pushes, users=services.storage.users
        ),
        TokenRedirectEndpoint(
            storage=services.storage,
            sessions=services.sessions,
            transactions=transactions,
            cookies=cookies,
            site=cookies.site,
        ),
    )
    return tuple(chain.from_iterable(each.routes() for each in endpoints))


def identity_engine(services: Services) -> IdentityEngine:
    """Return the engine of an org that runs the Identity Engine."""
    settling = _settling(services)
    return IdentityEngine(
        storage=services.storage,
        transactions=settling.transactions,
        settling=settling,
        mailed_tokens=_mailed_tokens(services, settling),
    )


def _scenes(services: Services, settling: Settling) -> Scenes:
    return Scenes(
        storage=services.storage,
        policies=services.policies,
        needs=settling.needs,
        factors=services.factors,
        profiles=services.profiles,
        url=services.world.url,
    )


def _mailed_tokens(services: Services, settling: Settling) -> MailedTokens:
    return MailedTokens(storage=services.storage, recoveries=services.recoveries, settling=settling)


def _settling(services: Services) -> Settling:
    transactions = identity_transactions(services)
    return Settling(
        world=services.world,
        credentials=services.credentials,
        lifecycle=services.lifecycle,
        policies=services.policies,
        profiles=services.profiles,
        consents=services.consents,
        staying=services.staying,
        activations=Activations(
            world=services.world, devices=services.devices, transactions=transactions
        ),
        needs=Needs(
            world=services.world,
            factors=services.factors,
            policies=services.policies,
            requirements=Requirements(world=services.world, policies=services.policies),
        ),
        challenges=Challenges(
            storage=services.storage,
            clock=services.clock,
            ids=services.ids,
            outbox=services.outbox,
            factors=services.factors,
            policies=services.policies,
            transactions=transactions,
            url=services.world.url,
        ),
        transactions=transactions,
    )


def _challenge(services: Services, settling: Settling) -> ChallengeAuthenticator:
    return ChallengeAuthenticator(
        credentials=services.credentials,
        factors=services.factors,
        proving=services.proving,
        settling=settling,
    )


def _enrolments(services: Services, settling: Settling) -> Enrolments:
    return Enrolments(
        storage=services.storage,
        factors=services.factors,
        proving=services.proving,
        passwords=services.passwords,
        settling=settling,
    )


def _remediations(services: Services, settling: Settling, links: OpenedLinks) -> Remediations:
    challenges, factors = settling.challenges, services.factors
    enrolments = _enrolments(services, settling)
    return Remediations(
        Identify(credentials=services.credentials, external=services.external, settling=settling),
        ChallengeWebauthnAutofill(
            credentials=services.credentials,
            factors=factors,
            proving=services.proving,
            settling=settling,
        ),
        LaunchAuthenticator(factors=factors, settling=settling),
        DeviceChallengePoll(
            factors=factors, pushes=services.pushes, proving=services.proving, settling=settling
        ),
        CancelPolling(settling=settling),
        SelectAuthenticatorAuthenticate(challenges=challenges),
        AuthenticatorVerificationData(challenges=challenges),
        links.proving,
        ChallengePoll(factors=factors, proving=services.proving, settling=settling),
        ResendPush(challenges=challenges),
        Resend(challenges=challenges),
        Poll(),
        SelectAuthenticatorEnroll(enrolments=enrolments),
        AuthenticatorEnrollmentData(enrolments=enrolments),
        SelectEnrollmentChannel(enrolments=enrolments),
        EnrollmentChannelData(enrolments=enrolments, outbox=services.outbox),
        links.enrolling,
        EnrollPoll(enrolments=enrolments),
        ResendEnrolment(enrolments=enrolments, outbox=services.outbox),
        Cancel(transactions=settling.transactions),
        Skip(settling=settling),
        Recover(recoveries=services.recoveries, settling=settling),
        RequestActivationEmail(recoveries=services.recoveries, transactions=settling.transactions),
        RedirectIdp(),
        SelectEnrollProfile(transactions=settling.transactions),
        SelectIdentify(transactions=settling.transactions),
        EnrollProfile(
            registrations=services.registrations, challenges=challenges, settling=settling
        ),
        KeepMeSignedIn(settling=settling),
        EmailChallengeConsent(links=links),
        UserCode(settling=settling),
        ProfileUpdate(profiles=services.profiles, settling=settling),
        *(kind(storage=services.storage, settling=settling) for kind in (Consent, GranularConsent)),
        IdentifyRecovery(recoveries=services.recoveries, settling=settling),
        UnlockAccount(settling=settling),
        UnlockIdentify(
            policies=services.policies,
            recoveries=services.recoveries,
            transactions=settling.transactions,
        ),
        SelectAuthenticatorUnlockAccount(
            challenges=challenges, policies=services.policies, recoveries=services.recoveries
        ),
        *(
            kind(storage=services.storage, passwords=services.passwords, settling=settling)
            for kind in (ReenrollAuthenticator, ReenrollAuthenticatorWarning, ResetAuthenticator)
        ),
    )

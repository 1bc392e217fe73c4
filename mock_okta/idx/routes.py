"""What the Identity Engine serves, at one of the org's names, and its engine for other features."""

from collections.abc import Iterator
from itertools import chain

from mock_okta.idx.activations import Activations
from mock_okta.idx.beginning import Beginnings
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.documents import Documents
from mock_okta.idx.endpoints import IdxEndpoint
from mock_okta.idx.engine import IdentityEngine
from mock_okta.idx.enrolments import Enrolments
from mock_okta.idx.finishing import Finishing
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
from mock_okta.idx.remediations.remediation import Remediation
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
    settling = _settling(services)
    transactions = settling.transactions
    links = _opened_links(services, settling)
    endpoints: tuple[Endpoint, ...] = (
        _remediations_endpoint(services, settling, links, cookies),
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


def _remediations_endpoint(
    services: Services, settling: Settling, links: OpenedLinks, cookies: Cookies
) -> IdxEndpoint:
    remediations = _remediations(services, settling, links)
    return IdxEndpoint(
        beginnings=Beginnings(
            storage=services.storage,
            clock=services.clock,
            transactions=settling.transactions,
            mailed_tokens=_mailed_tokens(services, settling),
            settling=settling,
        ),
        transactions=settling.transactions,
        scenes=links.scenes,
        remediations=remediations,
        documents=Documents(remediations=remediations),
        cookies=cookies,
        ids=services.ids,
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
        staying=services.staying,
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
        finishing=Finishing(
            world=services.world,
            consents=services.consents,
            staying=services.staying,
            activations=Activations(
                world=services.world, devices=services.devices, transactions=transactions
            ),
            transactions=transactions,
        ),
        transactions=transactions,
    )


def _opened_links(services: Services, settling: Settling) -> OpenedLinks:
    return OpenedLinks(
        storage=services.storage,
        clock=services.clock,
        transactions=settling.transactions,
        scenes=_scenes(services, settling),
        proving=ChallengeAuthenticator(
            credentials=services.credentials,
            factors=services.factors,
            proving=services.proving,
            settling=settling,
        ),
        enrolling=EnrollAuthenticator(enrolments=_enrolments(services, settling)),
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
    return Remediations(
        Cancel(transactions=settling.transactions),
        Skip(settling=settling),
        Poll(),
        *_to_identify(services, settling),
        *_to_prove(services, settling, links),
        *_to_enroll(services, settling, links),
        *_to_sign_up(services, settling),
        *_to_recover(services, settling),
        *_to_finish(services, settling, links),
    )


def _to_identify(services: Services, settling: Settling) -> Iterator[Remediation]:
    factors, proving = services.factors, services.proving
    yield Identify(credentials=services.credentials, external=services.external, settling=settling)
    yield ChallengeWebauthnAutofill(
        credentials=services.credentials, factors=factors, proving=proving, settling=settling
    )
    yield LaunchAuthenticator(factors=factors, settling=settling)
    yield DeviceChallengePoll(
        factors=factors, pushes=services.pushes, proving=proving, settling=settling
    )
    yield CancelPolling(settling=settling)
    yield RedirectIdp()
    yield UserCode(devices=services.devices, settling=settling)


def _to_prove(services: Services, settling: Settling, links: OpenedLinks) -> Iterator[Remediation]:
    challenges = settling.challenges
    yield SelectAuthenticatorAuthenticate(challenges=challenges)
    yield AuthenticatorVerificationData(challenges=challenges)
    yield links.proving
    yield ChallengePoll(factors=services.factors, proving=services.proving, settling=settling)
    yield ResendPush(challenges=challenges)
    yield Resend(challenges=challenges)


def _to_enroll(services: Services, settling: Settling, links: OpenedLinks) -> Iterator[Remediation]:
    enrolments, outbox = _enrolments(services, settling), services.outbox
    yield SelectAuthenticatorEnroll(enrolments=enrolments)
    yield AuthenticatorEnrollmentData(enrolments=enrolments)
    yield SelectEnrollmentChannel(enrolments=enrolments)
    yield EnrollmentChannelData(enrolments=enrolments, outbox=outbox)
    yield links.enrolling
    yield EnrollPoll(enrolments=enrolments)
    yield ResendEnrolment(enrolments=enrolments, outbox=outbox)


def _to_sign_up(services: Services, settling: Settling) -> Iterator[Remediation]:
    yield SelectEnrollProfile(transactions=settling.transactions)
    yield SelectIdentify(transactions=settling.transactions)
    yield EnrollProfile(
        registrations=services.registrations, challenges=settling.challenges, settling=settling
    )
    yield RequestActivationEmail(recoveries=services.recoveries, transactions=settling.transactions)


def _to_recover(services: Services, settling: Settling) -> Iterator[Remediation]:
    recoveries, policies = services.recoveries, services.policies
    yield Recover(recoveries=recoveries, settling=settling)
    yield IdentifyRecovery(recoveries=recoveries, settling=settling)
    yield UnlockAccount(settling=settling)
    yield UnlockIdentify(
        policies=policies, recoveries=recoveries, transactions=settling.transactions
    )
    yield SelectAuthenticatorUnlockAccount(
        challenges=settling.challenges, policies=policies, recoveries=recoveries
    )
    for kind in (ReenrollAuthenticator, ReenrollAuthenticatorWarning, ResetAuthenticator):
        yield kind(storage=services.storage, passwords=services.passwords, settling=settling)


def _to_finish(services: Services, settling: Settling, links: OpenedLinks) -> Iterator[Remediation]:
    activations = settling.finishing.activations
    yield ProfileUpdate(profiles=services.profiles, settling=settling)
    yield KeepMeSignedIn(settling=settling)
    yield EmailChallengeConsent(links=links)
    for kind in (Consent, GranularConsent):
        yield kind(storage=services.storage, activations=activations, settling=settling)

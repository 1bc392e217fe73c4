"""All services of one org, each made when it is first asked for."""

from functools import cached_property

from mock_okta.model.seed import Seed
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import (
    CallFactor,
    EmailFactor,
    Factors,
    GoogleOtpFactor,
    OktaOtpFactor,
    PasswordFactor,
    PushFactor,
    QuestionFactor,
    SmsFactor,
    WebAuthnFactor,
)
from mock_okta.services.factors.passcodes import Passcodes
from mock_okta.services.factors.pushes import Pushes
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.services.seeding.removal import Removals
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.password_sign_in import PasswordSignIn
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.testing.faults import Faults
from mock_okta.services.testing.minting import Minting
from mock_okta.services.testing.token_faults import TokenFaults
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.tokens.token_claims import TokenClaims
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.passwords import Passwords
from mock_okta.services.users.recovery import Recoveries
from mock_okta.services.users.registration import Registrations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.services.world import World

__all__ = ["Services"]


class Services:
    """What a feature's `routes` picks from for its endpoints, which never hold the whole.

    `seed`: what a reset goes back to.
    """

    def __init__(self, world: World, seed: Seed) -> None:
        self.world = world
        self.seed = seed
        self.storage = world.storage
        self.clock = world.clock
        self.ids = world.ids
        self.keys = world.keys
        self.issuers = world.issuers

    # directory

    @cached_property
    def outbox(self) -> Outbox:
        """What the org e-mailed, texted and called."""
        return Outbox(storage=self.storage, clock=self.clock, ids=self.ids)

    @cached_property
    def policies(self) -> Policies:
        """Which policy and rule hold for whom."""
        return Policies(storage=self.storage)

    # tokens

    @cached_property
    def tokens(self) -> Tokens:
        """Makes and verifies tokens, or lets them go wrong as a test planned."""
        return Tokens(
            storage=self.storage,
            keys=self.keys,
            clock=self.clock,
            ids=self.ids,
            issuers=self.issuers,
            claims=TokenClaims(storage=self.storage, clock=self.clock, ids=self.ids),
            sign=TokenFaults(keys=self.keys).sign,
        )

    @cached_property
    def revocations(self) -> Revocations:
        """Ends tokens."""
        return Revocations(storage=self.storage, clock=self.clock, ids=self.ids)

    # users

    @cached_property
    def credentials(self) -> Credentials:
        """Checks passwords, answers and lockouts."""
        return Credentials(storage=self.storage, clock=self.clock, policies=self.policies)

    @cached_property
    def passwords(self) -> Passwords:
        """Sets passwords that suit the policy."""
        return Passwords(storage=self.storage, clock=self.clock, policies=self.policies)

    @cached_property
    def recoveries(self) -> Recoveries:
        """Makes and sends recovery and activation tokens."""
        return Recoveries(
            storage=self.storage,
            clock=self.clock,
            ids=self.ids,
            policies=self.policies,
            credentials=self.credentials,
            outbox=self.outbox,
            url=self.world.url,
        )

    @cached_property
    def user_revocations(self) -> UserRevocations:
        """Ends all that a user was given."""
        return UserRevocations(storage=self.storage, revocations=self.revocations)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """Changes users' statuses."""
        return Lifecycle(
            storage=self.storage,
            clock=self.clock,
            credentials=self.credentials,
            recoveries=self.recoveries,
            revocations=self.user_revocations,
        )

    @cached_property
    def registrations(self) -> Registrations:
        """Makes users of people who register."""
        return Registrations(
            storage=self.storage,
            clock=self.clock,
            passwords=self.passwords,
            recoveries=self.recoveries,
        )

    # factors

    @cached_property
    def passcodes(self) -> Passcodes:
        """Makes and sends passcodes."""
        return Passcodes(clock=self.clock, ids=self.ids, outbox=self.outbox)

    @cached_property
    def pushes(self) -> Pushes:
        """What Okta Verify on users' devices is asked."""
        return Pushes(storage=self.storage, clock=self.clock)

    @cached_property
    def factors(self) -> Factors:
        """The kinds of factors."""
        clock, ids, passcodes, url = self.clock, self.ids, self.passcodes, self.world.url
        okta_otp = OktaOtpFactor(clock=clock, ids=ids, url=url)
        return Factors(
            PasswordFactor(clock=clock, ids=ids),
            QuestionFactor(clock=clock, ids=ids),
            SmsFactor(clock=clock, ids=ids, passcodes=passcodes),
            CallFactor(clock=clock, ids=ids, passcodes=passcodes),
            EmailFactor(clock=clock, ids=ids, passcodes=passcodes),
            GoogleOtpFactor(clock=clock, ids=ids, url=url),
            okta_otp,
            PushFactor(
                clock=clock,
                ids=ids,
                outbox=self.outbox,
                pushes=self.pushes,
                okta_otp=okta_otp,
                url=url,
            ),
            WebAuthnFactor(clock=clock, ids=ids, storage=self.storage, url=url),
        )

    # sign_in

    @cached_property
    def sessions(self) -> Sessions:
        """Sessions, and the one-time tokens that start them."""
        return Sessions(
            storage=self.storage,
            clock=self.clock,
            ids=self.ids,
            policies=self.policies,
            outbox=self.outbox,
        )

    @cached_property
    def requirements(self) -> Requirements:
        """What is due before a user is signed in."""
        return Requirements(storage=self.storage, clock=self.clock, policies=self.policies)

    @cached_property
    def password_sign_in(self) -> PasswordSignIn:
        """Signs users in by password alone."""
        return PasswordSignIn(credentials=self.credentials, requirements=self.requirements)

    @cached_property
    def external(self) -> ExternalSignIn:
        """Signs users in by identity providers."""
        return ExternalSignIn(storage=self.storage, clock=self.clock, credentials=self.credentials)

    # seeding

    @cached_property
    def seeding(self) -> Seeding:
        """Turns seeds into records."""
        return Seeding(storage=self.storage, clock=self.clock, issuers=self.issuers)

    @cached_property
    def removals(self) -> Removals:
        """Takes out of the org what a seed put into it."""
        return Removals(
            storage=self.storage,
            revocations=self.revocations,
            user_revocations=self.user_revocations,
        )

    @cached_property
    def org_clock(self) -> OrgClock:
        """The record of the clock; of all names of an org, the first one's is used."""
        return OrgClock(self.storage, self.clock)

    @cached_property
    def org_state(self) -> OrgState:
        """Fills the org, resets it, and takes snapshots."""
        return OrgState(
            storage=self.storage,
            clock=self.clock,
            org_clock=self.org_clock,
            keys=self.keys,
            seeding=self.seeding,
            seed=self.seed,
        )

    # testing

    @cached_property
    def faults(self) -> Faults:
        """What a test planned to go wrong."""
        return Faults(storage=self.storage, ids=self.ids)

    @cached_property
    def minting(self) -> Minting:
        """Mints tokens without a sign-in."""
        return Minting(storage=self.storage, tokens=self.tokens, keys=self.keys, clock=self.clock)

"""All services of one org, each made at its first use."""

from functools import cached_property

from mock_okta.model.directory import EngineName
from mock_okta.model.factors import APP_ALONE
from mock_okta.model.seed import GivenSeed
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import (
    CallFactor,
    CustomOtpFactor,
    EmailFactor,
    Factors,
    FastPassFactor,
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
from mock_okta.services.seeding.user_changes import UserChanges
from mock_okta.services.sign_in.consents import Consents
from mock_okta.services.sign_in.devices import Devices
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.password_sign_in import PasswordSignIn
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.staying import Staying
from mock_okta.services.testing.deadlines import Ends
from mock_okta.services.testing.decoding import Decoding
from mock_okta.services.testing.faults import Faults
from mock_okta.services.testing.minting import Minting
from mock_okta.services.testing.preview import Preview
from mock_okta.services.testing.token_faults import TokenFaults
from mock_okta.services.tokens.families import Families
from mock_okta.services.tokens.revocation import Revocations, UserRevocations
from mock_okta.services.tokens.token_claims import TokenClaims
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.passwords import Passwords
from mock_okta.services.users.profiles import Profiles
from mock_okta.services.users.recovery import Recoveries, RecoveryPath
from mock_okta.services.users.registration import Registrations
from mock_okta.services.world import World

__all__ = ["Services"]


class Services:
    """All services. A feature's `routes` takes from it what its endpoints need; none holds it all.

    `given`: the seed that a reset goes back to. `recovery_path`: where links in e-mails lead, which
    the features decide.
    """

    def __init__(self, world: World, given: GivenSeed, recovery_path: RecoveryPath) -> None:
        self.world = world
        self.given = given
        self.recovery_path = recovery_path
        self.storage = world.storage
        self.clock = world.clock
        self.ids = world.ids
        self.keys = world.keys
        self.issuers = world.issuers

    @property
    def engine(self) -> EngineName:
        """Which engine the org runs."""
        return self.given.engine

    # directory

    @cached_property
    def outbox(self) -> Outbox:
        """Stores e-mails, text messages and calls."""
        return Outbox(world=self.world)

    @cached_property
    def policies(self) -> Policies:
        """Finds the policies for a user."""
        return Policies(world=self.world)

    # tokens

    @cached_property
    def tokens(self) -> Tokens:
        """Makes and verifies tokens; breaks them where a test planned a fault."""
        return Tokens(
            world=self.world,
            claims=TokenClaims(world=self.world),
            sign=TokenFaults(keys=self.world.keys).sign,
        )

    @cached_property
    def revocations(self) -> Revocations:
        """Ends tokens."""
        return Revocations(world=self.world)

    @cached_property
    def families(self) -> Families:
        """Shows and ends refresh families."""
        return Families(storage=self.storage, tokens=self.tokens)

    # users

    @cached_property
    def credentials(self) -> Credentials:
        """Checks passwords, answers and lockouts."""
        return Credentials(world=self.world, policies=self.policies)

    @cached_property
    def passwords(self) -> Passwords:
        """Checks and sets new passwords."""
        return Passwords(world=self.world, policies=self.policies)

    @cached_property
    def recoveries(self) -> Recoveries:
        """Makes and sends recovery and activation tokens."""
        return Recoveries(
            world=self.world,
            policies=self.policies,
            credentials=self.credentials,
            outbox=self.outbox,
            recovery_path=self.recovery_path,
        )

    @cached_property
    def user_revocations(self) -> UserRevocations:
        """Ends all sessions and tokens of a user."""
        return UserRevocations(world=self.world, revocations=self.revocations)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """Changes users' statuses."""
        return Lifecycle(
            world=self.world,
            credentials=self.credentials,
            recoveries=self.recoveries,
            revocations=self.user_revocations,
        )

    @cached_property
    def registrations(self) -> Registrations:
        """Makes users from registration forms."""
        return Registrations(world=self.world, passwords=self.passwords, recoveries=self.recoveries)

    @cached_property
    def profiles(self) -> Profiles:
        """Completes users' profiles."""
        return Profiles(world=self.world)

    # factors

    @cached_property
    def passcodes(self) -> Passcodes:
        """Makes and sends passcodes."""
        return Passcodes(world=self.world, outbox=self.outbox)

    @cached_property
    def pushes(self) -> Pushes:
        """Keeps push requests to Okta Verify."""
        return Pushes(world=self.world)

    @cached_property
    def factors(self) -> Factors:
        """The kinds of factors."""
        world, passcodes = self.world, self.passcodes
        okta_otp = OktaOtpFactor(world=world)
        return Factors(
            PasswordFactor(world=world),
            QuestionFactor(world=world),
            SmsFactor(world=world, passcodes=passcodes),
            CallFactor(world=world, passcodes=passcodes),
            EmailFactor(world=world, passcodes=passcodes),
            GoogleOtpFactor(world=world),
            okta_otp,
            PushFactor(world=world, outbox=self.outbox, pushes=self.pushes, okta_otp=okta_otp),
            WebAuthnFactor(world=world),
            CustomOtpFactor(world=world),
            FastPassFactor(world=world, pushes=self.pushes),
        )

    # sign_in

    @cached_property
    def sessions(self) -> Sessions:
        """Sessions, and the one-time tokens that start them."""
        return Sessions(world=self.world, policies=self.policies, outbox=self.outbox)

    @cached_property
    def requirements(self) -> Requirements:
        """Finds what a user has to do before they are signed in, by the Classic Engine."""
        return Requirements(world=self.world, policies=self.policies, unknown=APP_ALONE)

    @cached_property
    def password_sign_in(self) -> PasswordSignIn:
        """Signs users in by password only."""
        return PasswordSignIn(credentials=self.credentials, requirements=self.requirements)

    @cached_property
    def proving(self) -> Proving:
        """Proves factors, and adds them."""
        return Proving(storage=self.storage, credentials=self.credentials, factors=self.factors)

    @cached_property
    def staying(self) -> Staying:
        """Asks who stays signed in."""
        return Staying(world=self.world, policies=self.policies, requirements=self.requirements)

    @cached_property
    def devices(self) -> Devices:
        """Keeps devices that wait for a user."""
        return Devices(storage=self.storage, clock=self.clock, ids=self.ids)

    @cached_property
    def consents(self) -> Consents:
        """Remembers which scopes users agreed to."""
        return Consents(storage=self.storage)

    @cached_property
    def external(self) -> ExternalSignIn:
        """Signs users in by identity providers."""
        return ExternalSignIn(world=self.world, credentials=self.credentials)

    # seeding

    @cached_property
    def seeding(self) -> Seeding:
        """Turns seeds into records."""
        return Seeding(world=self.world)

    @cached_property
    def user_changes(self) -> UserChanges:
        """Changes users as an administrator does."""
        return UserChanges(world=self.world)

    @cached_property
    def removals(self) -> Removals:
        """Removes users, clients and authorization servers."""
        return Removals(
            world=self.world,
            revocations=self.revocations,
            user_revocations=self.user_revocations,
        )

    @cached_property
    def org_clock(self) -> OrgClock:
        """Keeps the clock and its record in step; requests use that of the org's first name."""
        return OrgClock(self.world.storage, self.world.clock)

    @cached_property
    def org_state(self) -> OrgState:
        """Fills the org, resets it, and takes snapshots."""
        return OrgState(
            world=self.world,
            org_clock=self.org_clock,
            seeding=self.seeding,
            given=self.given,
        )

    # testing

    @cached_property
    def faults(self) -> Faults:
        """Keeps planned faults."""
        return Faults(world=self.world)

    @cached_property
    def minting(self) -> Minting:
        """Mints tokens without a sign-in."""
        return Minting(world=self.world, tokens=self.tokens)

    @cached_property
    def decoding(self) -> Decoding:
        """Explains tokens."""
        return Decoding(world=self.world, tokens=self.tokens)

    @cached_property
    def preview(self) -> Preview:
        """Explains what users and clients would get."""
        return Preview(world=self.world, tokens=self.tokens, policies=self.policies)

    @cached_property
    def ends(self) -> Ends:
        """Lists what ends next."""
        return Ends(world=self.world)

"""All that a document shows of one transaction, gathered before it is drawn."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from msgspec import Struct, structs

from mock_okta.idx.authenticators import (
    AUTHENTICATORS,
    PASSWORD,
    QUESTION,
    Authenticator,
    Records,
    named,
)
from mock_okta.idx.enrollable import enrollable_of, left_to_enroll
from mock_okta.idx.enrolled import (
    Enrolled,
    enrolled_of,
    recovery_authenticators,
    recovery_question_of,
)
from mock_okta.idx.ion import Ion
from mock_okta.idx.needs import Needs
from mock_okta.model.authenticators import DEFAULT_AUTHENTICATORS, AuthenticatorKey
from mock_okta.model.clients import Client
from mock_okta.model.directory import Org, User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen, Shown
from mock_okta.model.policies import PasswordPolicy, ProfileAttribute, RegistrationPolicy
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import Enrolment, Factors
from mock_okta.services.users.profiles import Profiles
from mock_okta.storage import Storage
from mock_okta.web.qr_codes import qr_code

__all__ = ["Scene", "Scenes"]


class Scene(Struct, frozen=True, kw_only=True):
    """A transaction, whose it is, and what its screen offers.

    `enrolled`: the authenticators to choose among, or that may stand in for the one that is asked.
    `current`: the one that is asked. `enrollable`: those that may be enrolled now.
    `asks_password`: the first screen asks for it, too. `number`: what a push wants picked.
    `expires_in`: how long the password is still good, where the user is warned.
    `enrolment`: what the user's device is set up with; `qr_code`: a picture of it, in PNG.
    `missing`: what the user's profile lacks. `authenticators`: how the org has set them up.
    """

    transaction: IdentityTransaction
    org: Org
    url: str
    passwords: PasswordPolicy
    authenticators: Records = DEFAULT_AUTHENTICATORS
    user: User | None = None
    client: Client | None = None
    enrolled: tuple[Enrolled, ...] = ()
    enrollable: tuple[Authenticator, ...] = ()
    must_enroll: bool = False
    asks_password: bool = True
    registration: RegistrationPolicy | None = None
    providers: tuple[IdentityProvider, ...] = ()
    number: int | None = None
    expires_in: timedelta | None = None
    enrolment: Enrolment | None = None
    qr_code: bytes | None = None
    missing: tuple[ProfileAttribute, ...] = ()

    @property
    def screen(self) -> Screen:
        """Where the transaction stands."""
        return self.transaction.screen

    @property
    def current(self) -> Enrolled | None:
        """The authenticator that the user is asked to prove."""
        for each in self.enrolled:
            if self.transaction.factor_id in {factor.id for factor in each.factors.values()}:
                return each
        return None

    @property
    def factor(self) -> Factor | None:
        """The factor that the user is asked to prove, once a method is chosen."""
        current, method = self.current, self.transaction.method
        return None if current is None or method is None else current.factors.get(method)

    @property
    def registers_with(self) -> tuple[AuthenticatorKey, ...]:
        """What somebody who signs up has yet to enrol."""
        return () if self.user is None else left_to_enroll(self.transaction, self.user)

    @property
    def enrolling(self) -> Authenticator | None:
        """The authenticator that is being enrolled, with the methods that may be."""
        key = self.transaction.authenticator or ""
        offered = next((each for each in self.enrollable if each.key == key), None)
        known = AUTHENTICATORS.get(key)
        return offered or (None if known is None else named(known, self.authenticators))

    def body_of(self, key: AuthenticatorKey) -> Ion:
        """Return an authenticator as the org calls it."""
        return named(AUTHENTICATORS[key], self.authenticators).body()


class Scenes(Struct, frozen=True, kw_only=True):
    """Gathers scenes; `url` is the org's."""

    storage: Storage
    policies: Policies
    needs: Needs
    factors: Factors
    profiles: Profiles
    url: str

    async def of(self, transaction: IdentityTransaction) -> Scene:
        """Return the scene of a transaction as it stands."""
        user = await self.storage.users.get(transaction.user_id or "")
        passwords = await self.policies.passwords(user)
        scene = Scene(
            transaction=transaction,
            org=await the_org(self.storage),
            url=self.url,
            passwords=passwords,
            authenticators=await self.policies.authenticators(),
            user=user,
            client=await self.storage.clients.get(transaction.client_id or ""),
        )
        gather = _GATHERED.get(transaction.screen)
        return scene if gather is None else _named(await gather(self, scene))

    async def to_identify(self, scene: Scene) -> Scene:
        """Add what the first screen offers besides the name."""
        rules = await self.storage.routing_rules.values()
        later = await self.policies.may_ask_for_password_later()
        registrations = await self.storage.registration_policies.values()
        return structs.replace(
            scene,
            asks_password=not later and not rules and scene.authenticators[PASSWORD].signs_in,
            registration=registrations[0] if registrations else None,
            providers=tuple(await self.storage.identity_providers.values()),
        )

    async def to_leave(self, scene: Scene) -> Scene:
        """Add the identity provider that the user is sent to."""
        name = str(scene.transaction.draft.get("provider", ""))
        provider = await self.storage.identity_providers.get(name)
        return structs.replace(scene, providers=() if provider is None else (provider,))

    async def to_prove(self, scene: Scene) -> Scene:
        """Add the authenticators that would bring the user further."""
        transaction, user = scene.transaction, scene.user
        if user is None:
            return scene
        if transaction.purpose in (Purpose.RECOVERY, Purpose.UNLOCK):
            question = recovery_question_of(user, scene.authenticators)
            if transaction.authenticator == QUESTION and question is not None:
                found: tuple[Enrolled, ...] = (question,)
            else:
                found = recovery_authenticators(user, scene.passwords, scene.authenticators)
        else:
            found = (await self.needs.of(transaction, user, scene.client)).helping
        return structs.replace(scene, enrolled=found, number=await self._number(transaction))

    async def _number(self, transaction: IdentityTransaction) -> int | None:
        """Return the number that the user has to pick on their device, if a push asks for one."""
        if transaction.method != "push" or transaction.challenge is None:
            return None
        return await self.factors.kind(FactorKey.OKTA_PUSH).number_to_pick(transaction.challenge)

    async def to_renew(self, scene: Scene) -> Scene:
        """Add how long the password is still good."""
        if scene.user is None:
            return scene
        requirements = self.needs.requirements
        situation = await requirements.situation(scene.transaction, scene.user)
        shown = Shown(
            key="idx.password.expiring.message",
            text="When your password expires, you will have to change your password before you "
            f"can login to your {scene.org.name} account.",
            params=(scene.org.name,),
        )
        transaction = structs.replace(scene.transaction, message=shown)
        return structs.replace(scene, expires_in=situation.expires_in, transaction=transaction)

    async def to_enroll(self, scene: Scene) -> Scene:
        """Add the authenticators that the user may enrol, or has to."""
        if scene.user is None:
            return scene
        if scene.registers_with:
            asked = tuple(AUTHENTICATORS[key] for key in scene.registers_with)
            return structs.replace(scene, enrollable=asked, must_enroll=True)
        needed = await self.needs.of(scene.transaction, scene.user, scene.client)
        offered = enrollable_of(needed)
        enrolment = self._enrolment(scene.transaction, scene.user)
        uri = None if enrolment is None else enrolment.uri
        is_drawn = uri is not None and scene.screen is Screen.ENROL
        return structs.replace(
            scene,
            enrolled=enrolled_of(scene.user),
            enrollable=offered.authenticators,
            must_enroll=offered.is_required,
            enrolment=enrolment,
            qr_code=await qr_code(uri) if uri is not None and is_drawn else None,
        )

    async def to_complete(self, scene: Scene) -> Scene:
        """Add what the user's profile lacks."""
        if scene.user is None:
            return scene
        return structs.replace(scene, missing=await self.profiles.missing(scene.user))

    def _enrolment(self, transaction: IdentityTransaction, user: User) -> Enrolment | None:
        factor = transaction.enrolling
        if factor is None:
            return None
        return self.factors.kind(factor.key).enrolment(user, factor, transaction.challenge)


def _named(scene: Scene) -> Scene:
    """Return the scene with the names that the org gave its authenticators."""

    def as_called(each: Authenticator) -> Authenticator:
        return named(each, scene.authenticators)

    return structs.replace(
        scene,
        enrolled=tuple(
            structs.replace(each, authenticator=as_called(each.authenticator))
            for each in scene.enrolled
        ),
        enrollable=tuple(as_called(each) for each in scene.enrollable),
    )


_GATHERED: Mapping[Screen, Callable[[Scenes, Scene], Awaitable[Scene]]] = MappingProxyType(
    {
        Screen.IDENTIFY: Scenes.to_identify,
        Screen.SENT_TO_PROVIDER: Scenes.to_leave,
        Screen.REGISTER: Scenes.to_identify,
        Screen.IDENTIFY_TO_RECOVER: Scenes.to_identify,
        Screen.CHOOSE_AUTHENTICATOR: Scenes.to_prove,
        Screen.CHOOSE_METHOD: Scenes.to_prove,
        Screen.CHALLENGE: Scenes.to_prove,
        Screen.PASSWORD_WARNING: Scenes.to_renew,
        Screen.COMPLETE_PROFILE: Scenes.to_complete,
        Screen.CHOOSE_ENROLMENT: Scenes.to_enroll,
        Screen.ENROLMENT_DATA: Scenes.to_enroll,
        Screen.ENROL: Scenes.to_enroll,
    }
)

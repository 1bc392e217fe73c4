"""What every kind of factor can do."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.progress import Challenge
from mock_okta.services.world import World

__all__ = ["Enrolment", "FactorKind", "Given"]


class Given(Struct, frozen=True, kw_only=True):
    """What a caller gives to prove or to enrol a factor; values that were left out are empty.

    `pass_code`: may be an answer or a password too. WebAuthn's parts are base64, not decoded.
    """

    pass_code: str = ""
    profile: Mapping[str, Any]
    client_data: str = ""
    authenticator_data: str = ""
    signature_data: str = ""
    attestation: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no proof: the caller asks for a challenge."""
        return not (self.pass_code or self.client_data)


class Enrolment(Struct, frozen=True, kw_only=True):
    """What the user's device needs to set a factor up; each kind fills in its own part.

    `secret`: the base32 seed of one-time passwords. `uri`: the content of the QR code.
    `user_handle`: the id by which a security key knows the user, as clients decode it.
    `algorithms`: COSE numbers of the algorithms that it may sign with, the best first.
    """

    secret: str | None = None
    uri: str | None = None
    user_handle: str | None = None
    algorithms: tuple[int, ...] = ()


class FactorKind(Struct, frozen=True, kw_only=True):
    """One kind of factor: how it is enrolled, challenged and verified.

    `id_prefix`: the beginning of its ids. `amr`: what it adds to the claim. `is_sent`: its
    challenge is sent to the user, and can be sent again. `polls`: it is answered on a device, and
    the caller asks again until it is. The defaults here fit most kinds: no challenge, nothing to
    send, nothing to set up on a device. Each engine knows how it shows a factor.
    """

    key: ClassVar[FactorKey]
    id_prefix: ClassVar[str]
    amr: ClassVar[tuple[str, ...]]
    is_sent: ClassVar[bool] = False
    polls: ClassVar[bool] = False

    world: World

    @abstractmethod
    async def enroll(self, user: User, given: Given) -> Factor:
        """Return a new factor, ACTIVE if it needs no activation; raise Unsuitable."""

    @abstractmethod
    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        """Return the factor as it is after the proof.

        Raises WrongPasscode; Unanswered if the kind polls. The caller stores the factor, and
        refuses the proof if the counter has not grown.
        """

    async def activate(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        """Do as `verify`, for a factor that is being enrolled; return it ACTIVE."""
        proved = await self.verify(user, factor, challenge, given)
        return msgspec.structs.replace(proved, status=FactorStatus.ACTIVE)

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        """Return the challenge to send; None if the factor needs none.

        `before`: the last challenge; raises SentRecently if it was sent a moment ago.
        """
        return None

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:
        """Send the challenge to the user."""

    async def verifies_user(self, given: Given, *, is_enrolment: bool = False) -> bool:
        """Return whether a proof, found good, shows who holds the factor: by PIN or biometrics."""
        return False

    def comes_with(self, user: User) -> tuple[Factor, ...]:
        """Return the factors that the user gets together with this one."""
        return ()

    def enrolment(self, user: User, factor: Factor, challenge: Challenge | None) -> Enrolment:
        """Return what the user's device needs to set the factor up."""
        return Enrolment()

    async def number_to_pick(self, challenge: Challenge) -> int | None:
        """Return the number that the user has to pick on the device, if any."""
        return None

    def new_factor(self, profile: Mapping[str, Any], secret: str | None = None) -> Factor:
        """Return a new factor that has to be activated."""
        return Factor(
            id=self.world.ids.object_id(self.id_prefix),
            key=self.key,
            created_at=self.world.clock.now(),
            status=FactorStatus.PENDING_ACTIVATION,
            profile=profile,
            secret=secret,
        )

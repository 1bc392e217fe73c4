"""What every kind of factor is able to do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.progress import Challenge
from mock_okta.services.world import World

__all__ = ["Enrolment", "FactorKind", "Given"]


class Given(Struct, frozen=True, kw_only=True):
    """What a caller gives to prove or to enrol a factor; what was left out is empty.

    `pass_code`: an answer or a password too. WebAuthn's parts are base64, as they came.
    """

    pass_code: str = ""
    profile: Mapping[str, Any]
    client_data: str = ""
    authenticator_data: str = ""
    signature_data: str = ""
    attestation: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is proved, so that the caller asks for a challenge."""
        return not (self.pass_code or self.client_data)


class Enrolment(Struct, frozen=True, kw_only=True):
    """What the user's device needs to be set up; a kind leaves out what it has not.

    `secret`: the base32 seed of one-time passwords; `uri`: what the QR code says. `user_handle`:
    the id that a security key knows the user by, as clients decode it; `algorithms`: the numbers of
    those it may sign with, the best first (COSE).
    """

    secret: str | None = None
    uri: str | None = None
    user_handle: str | None = None
    algorithms: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FactorKind(ABC):
    """One kind of factor: how it is enrolled, challenged and verified.

    `id_prefix` begins its ids; `amr` is what it adds to the claim. `is_sent`: its challenge goes
    out to the user, and can be sent again. `polls`: it is answered elsewhere, and the caller asks
    whether it was. What most kinds have in common is written here: no challenge, nothing to send,
    nothing to set up on a device. How an engine shows it, the engine knows.
    """

    key: ClassVar[FactorKey]
    id_prefix: ClassVar[str]
    amr: ClassVar[tuple[str, ...]]
    is_sent: ClassVar[bool] = False
    polls: ClassVar[bool] = False

    world: World

    @abstractmethod
    async def enroll(self, user: User, given: Given) -> Factor:
        """Return a new factor, ACTIVE if there is nothing to activate; raise Unsuitable."""

    @abstractmethod
    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        """Return the factor as it is after the proof.

        Raises WrongPasscode; Unanswered if the kind polls. Whoever keeps the factor refuses one
        whose counter has not grown.
        """

    async def activate(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        """As `verify`, for a factor that is being enrolled, which it returns ACTIVE."""
        proved = await self.verify(user, factor, challenge, given)
        return msgspec.structs.replace(proved, status=FactorStatus.ACTIVE)

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        """Return the challenge to send; None if the factor needs none.

        `before`: what they were asked last; raises SentRecently if that was a moment ago.
        """
        return None

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:  # noqa: B027 -- most have nothing to send
        """Bring the challenge to the user."""

    def comes_with(self, user: User) -> tuple[Factor, ...]:
        """Return what the user has too from now on, because they enrolled this."""
        return ()

    def enrolment(self, user: User, factor: Factor, challenge: Challenge | None) -> Enrolment:
        """Return what the device needs on which the user sets the factor up."""
        return Enrolment()

    async def number_to_pick(self, challenge: Challenge) -> int | None:
        """Return the number that the user has to pick on the device, if that is asked."""
        return None

    def new_factor(self, profile: Mapping[str, Any], secret: str | None = None) -> Factor:
        """Return a factor that waits for its activation."""
        return Factor(
            id=self.world.ids.object_id(self.id_prefix),
            key=self.key,
            created_at=self.world.clock.now(),
            status=FactorStatus.PENDING_ACTIVATION,
            profile=profile,
            secret=secret,
        )

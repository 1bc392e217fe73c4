"""What every kind of factor is able to do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.progress import Challenge
from mock_okta.model.pushes import PushAnswer
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.factors.passcodes import Passcodes
from mock_okta.services.factors.pushes import Pushes
from mock_okta.services.users.credentials import Credentials
from mock_okta.storage import Storage

__all__ = ["FactorKind", "FactorParts", "Given"]


class FactorParts(Struct, frozen=True, kw_only=True):
    """What kinds of factors are made of; `url` is the org's."""

    storage: Storage
    clock: Clock
    ids: Ids
    outbox: Outbox
    passcodes: Passcodes
    pushes: Pushes
    credentials: Credentials
    url: str


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


@dataclass(frozen=True)
class FactorKind(ABC):
    """One kind of factor: how it is enrolled, challenged, verified and shown.

    `type`, `provider` and `vendor_name` are its wire words; `id_prefix` begins its ids; `amr` is
    what it adds to the claim. `resend`: the name of the link that sends the challenge again.
    `polls`: it is answered elsewhere, and the caller asks whether it was. What most kinds have in
    common is written here: no challenge, nothing to send, nothing to show.
    """

    key: ClassVar[FactorKey]
    type: ClassVar[str]
    provider: ClassVar[str] = "OKTA"
    vendor_name: ClassVar[str] = "OKTA"
    id_prefix: ClassVar[str]
    amr: ClassVar[tuple[str, ...]]
    resend: ClassVar[str | None] = None
    polls: ClassVar[bool] = False

    parts: FactorParts

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
        """Return what the user will be asked; None if they can prove the factor unasked.

        `before`: what they were asked last; raises SentRecently if that was a moment ago.
        """
        return None

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:  # noqa: B027 -- most have nothing to send
        """Bring the challenge to the user."""

    def comes_with(self, user: User) -> tuple[Factor, ...]:
        """Return what the user has too from now on, because they enrolled this."""
        return ()

    def shown_profile(self, factor: Factor) -> Mapping[str, Any] | None:
        """Return the profile as somebody may see it who proved the password alone: masked."""
        return factor.profile or None

    async def shown_challenge(
        self,
        factor: Factor,
        challenge: Challenge | None,
        answer: PushAnswer | None,
    ) -> Mapping[str, Any] | None:
        """Return what `_embedded.challenge` holds, if anything; `answer`: what a poll found."""
        return None

    async def shown_activation(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        answer: PushAnswer | None,
    ) -> Mapping[str, Any] | None:
        """Return what `_embedded.activation` holds, if anything; `answer` as above."""
        return None

    def qr_content(self, user: User, factor: Factor, challenge: Challenge | None) -> str | None:
        """Return what the QR code says by which a device enrols, if there is one."""
        return None

    def qr_link(self, user: User, factor: Factor) -> dict[str, str]:
        """Return where the QR code is; nobody guesses the id of a factor."""
        href = f"{self.parts.url}/api/v1/users/{user.id}/factors/{factor.id}/qr"
        return {"href": href, "type": "image/png"}

    def new_factor(self, profile: Mapping[str, Any], secret: str | None = None) -> Factor:
        """Return a factor that waits for its activation."""
        return Factor(
            id=self.parts.ids.object_id(self.id_prefix),
            key=self.key,
            created_at=self.parts.clock.now(),
            status=FactorStatus.PENDING_ACTIVATION,
            profile=profile,
            secret=secret,
        )

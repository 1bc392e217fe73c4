"""What every remediation is able to do."""

from abc import abstractmethod
from collections.abc import Iterable
from enum import Enum
from typing import ClassVar

from msgspec import Struct

from mock_okta.idx.ion import Ion, form
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.interactions import IdentityTransaction

__all__ = ["Place", "Remediation"]


class Place(Enum):
    """Where a document has a form."""

    LIST = "among the remediations"
    CURRENT = "in the authenticator that is asked"
    DOCUMENT = "at the top"
    WITHIN = "in what another part of the document shows"


class Remediation(Struct, frozen=True, kw_only=True):
    """A form that is offered, and what taking it does.

    `path` is below `/idp/idx/`. What most have in common is written here: one form, nothing but
    the state handle in it, always offered on its screens.
    """

    name: ClassVar[str]
    path: ClassVar[str]
    place: ClassVar[Place] = Place.LIST

    def is_offered(self, scene: Scene) -> bool:
        """Return whether the screen has it."""
        return True

    def fields(self, scene: Scene) -> Iterable[Ion]:
        """Return the fields besides the state handle."""
        return ()

    def relates_to(self, scene: Scene) -> str | None:
        """Return the path of what the form is about; it must lead somewhere in the document."""
        return None

    def members(self, scene: Scene) -> Ion:
        """Return the members of the form besides its fields."""
        return {}

    def forms(self, scene: Scene) -> tuple[Ion, ...]:
        """Return the form as the document has it."""
        made = form(
            self.name,
            f"{scene.url}/idp/idx/{self.path}",
            scene.transaction.handle,
            self.fields(scene),
            relates_to=self.relates_to(scene),
            **self.members(scene),
        )
        return (made,)

    @abstractmethod
    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        """Return the transaction as it stands after what the caller posted; raise a Failure."""

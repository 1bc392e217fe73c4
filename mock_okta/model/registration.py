"""How people become users by themselves."""

from datetime import datetime

from msgspec import Struct

__all__ = ["RegistrationField", "RegistrationPolicy"]


class RegistrationField(Struct, frozen=True, kw_only=True):
    """What people fill in, beside e-mail address and password."""

    name: str
    title: str
    required: bool


class RegistrationPolicy(Struct, frozen=True, kw_only=True):
    """The form, which groups those who register are in, and whether they prove their address."""

    id: str
    fields: tuple[RegistrationField, ...]
    activation_email: bool
    groups: tuple[str, ...]
    updated_at: datetime

    @property
    def login_title(self) -> str:
        """What the form calls the field that becomes the login: the address, unless it has one."""
        titles = (field.title for field in self.fields if field.name == "login")
        return next(titles, "Email")

"""How people become users by themselves."""

from datetime import datetime

from msgspec import Struct

from mock_okta.model.checks import require

__all__ = ["RegistrationField", "RegistrationPolicy"]


class RegistrationField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An attribute of the profile that people fill in as text; `title`: how the form labels it."""

    name: str
    title: str
    required: bool = True

    def __post_init__(self) -> None:
        require(self.name.isidentifier(), "a field's 'name' is that of an attribute of the profile")
        require(
            self.name not in ("email", "password"), f"'{self.name}' is in every form: leave it out"
        )


class RegistrationPolicy(Struct, frozen=True, kw_only=True):
    """The form, which groups those who register are in, and whether they prove their address."""

    id: str
    fields: tuple[RegistrationField, ...]
    activation_email: bool
    group_ids: tuple[str, ...]
    updated_at: datetime

    @property
    def login_title(self) -> str:
        """What the form calls the field that becomes the login: the address, unless it has one."""
        titles = (field.title for field in self.fields if field.name == "login")
        return next(titles, "Email")

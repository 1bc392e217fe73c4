"""How people become users by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from mock_okta.model.checks import require

__all__ = ["ProfileAttribute", "ProfileEnrollment", "RegistrationField", "RegistrationPolicy"]


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
    def login_field(self) -> str:
        """The field that becomes the login: `email`, unless there is a field `login`."""
        return "login" if any(field.name == "login" for field in self.fields) else "email"

    def title_of(self, name: str) -> str:
        """Return what the form calls a field."""
        titles = (field.title for field in self.fields if field.name == name)
        return next(titles, "Email" if name == "email" else name)


class ProfileAttribute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An attribute that users are asked for; `label`: how the form calls it, else by its name.

    Okta's `ProfileEnrollmentPolicyRuleProfileAttribute`.
    """

    name: str
    label: str = ""
    required: bool = False

    def __post_init__(self) -> None:
        require(
            self.name.isidentifier(), "an attribute's 'name' is that of an attribute of the profile"
        )
        require(
            self.name not in ("login", "password"), f"'{self.name}' is nothing that one adds later"
        )


class ProfileEnrollment(Struct, frozen=True, kw_only=True):
    """What users whose profile lacks it are asked for when they sign in (progressive profiling)."""

    id: str
    attributes: tuple[ProfileAttribute, ...]

    def missing(self, profile: Mapping[str, Any]) -> tuple[ProfileAttribute, ...]:
        """Return what the profile lacks; a user may skip it where none of it is required."""
        return tuple(each for each in self.attributes if profile.get(each.name) in (None, ""))

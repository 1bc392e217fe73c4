"""Self-service registration in the seed document."""

from msgspec import Struct

from mock_okta.model.seed.checks import require, require_distinct

__all__ = ["SeedRegistration", "SeedRegistrationField"]


class SeedRegistrationField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An attribute of the profile that people fill in as text; `title`: how the form labels it."""

    name: str
    title: str
    required: bool = True

    def __post_init__(self) -> None:
        require(self.name.isidentifier(), "a field's 'name' is that of an attribute of the profile")
        require(
            self.name not in ("email", "password"), f"'{self.name}' is in every form: leave it out"
        )


_NAMES = (
    SeedRegistrationField(name="firstName", title="First name"),
    SeedRegistrationField(name="lastName", title="Last name"),
)


class SeedRegistration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether people may register themselves, what they fill in beside e-mail and password.

    The e-mail address is the login, unless there is a field `login`. `activation_email`: they have
    to follow a link before they sign in; else they are signed in at once.
    """

    enabled: bool = True
    fields: tuple[SeedRegistrationField, ...] = _NAMES
    activation_email: bool = False
    default_groups: tuple[str, ...] = ("Everyone",)

    def __post_init__(self) -> None:
        require_distinct("fields", "name", [field.name for field in self.fields])

"""Self-service registration in the seed document."""

from msgspec import Struct

from mock_okta.model.checks import require_distinct
from mock_okta.model.registration import RegistrationField

__all__ = ["SeedRegistration"]


_NAMES = (
    RegistrationField(name="firstName", title="First name"),
    RegistrationField(name="lastName", title="Last name"),
)


class SeedRegistration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether people may register themselves, what they fill in beside e-mail and password.

    The e-mail address is the login, unless there is a field `login`. `activation_email`: they have
    to follow a link before they sign in; else they are signed in at once.
    """

    enabled: bool = True
    fields: tuple[RegistrationField, ...] = _NAMES
    activation_email: bool = False
    default_groups: tuple[str, ...] = ("Everyone",)

    def __post_init__(self) -> None:
        require_distinct("fields", "name", [field.name for field in self.fields])

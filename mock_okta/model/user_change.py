"""What an administrator changes about a user."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from mock_okta.model.seed.users import SeedFactor

__all__ = ["UserChange"]


class UserChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change about a user; the rest stays as it is.

    `profile`: attributes to set; null removes one. `groups`: the names of all the user's groups.
    `factors`: to enroll, in place of an earlier one of the same kind. `remove_factors`: their ids.
    """

    password: Annotated[str, Meta(min_length=1)] | None = None
    profile: dict[str, Any] | None = None
    groups: tuple[str, ...] | None = None
    factors: tuple[SeedFactor, ...] = ()
    remove_factors: tuple[str, ...] = ()

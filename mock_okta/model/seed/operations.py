"""What the org's administrators set up beside users and apps: API tokens and rate limits."""

from msgspec import Struct

from mock_okta.model.checks import require

__all__ = ["SeedApiToken"]


class SeedApiToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token, to be sent as `Authorization: SSWS …`; `user` is its owner's login."""

    token: str
    user: str | None = None

    def __post_init__(self) -> None:
        is_word = self.token.isascii() and self.token.isprintable() and " " not in self.token
        require(self.token != "" and is_word, "an API token is one word of ASCII characters")

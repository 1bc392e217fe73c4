"""What the org's administrators set up beside users and apps: API tokens and rate limits."""

from msgspec import Struct

from mock_okta.model.seed.checks import require

__all__ = ["SeedApiToken", "SeedRateLimit"]


class SeedApiToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token, to be sent as `Authorization: SSWS …`; `user` is its owner's login."""

    token: str
    user: str | None = None

    def __post_init__(self) -> None:
        is_word = self.token.isascii() and self.token.isprintable() and " " not in self.token
        require(self.token != "" and is_word, "an API token is one word of ASCII characters")


class SeedRateLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests a minute are answered at `path` and below it; the rest is refused (429)."""

    path: str
    limit: int

    def __post_init__(self) -> None:
        require(
            self.path.startswith("/") and not self.path.endswith("/") and self.path.isprintable(),
            "a rate limit's 'path' starts with '/' and does not end with one",
        )
        require(self.limit >= 0, "a rate limit's 'limit' is 0 or more requests a minute")

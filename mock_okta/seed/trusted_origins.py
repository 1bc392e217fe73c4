"""Origins of the seed document whose pages may do more than those of strangers."""

from msgspec import Struct

from mock_okta.domain.directory import OktaApp, TrustedOriginScope
from mock_okta.seed.checks import require, require_origin

__all__ = ["SeedTrustedOrigin"]


class SeedTrustedOrigin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trusted origin, by its scopes; an origin that is given as text has `CORS` and `REDIRECT`.

    `IFRAME_EMBED` lets its pages show the org's sign-in pages in a frame. `allowed_okta_apps`, with
    the one value `OKTA_ENDUSER`, lets them show the home page too.
    """

    origin: str
    scopes: tuple[TrustedOriginScope, ...] = ("CORS", "REDIRECT")
    allowed_okta_apps: tuple[OktaApp, ...] = ()

    def __post_init__(self) -> None:
        require_origin("origin", self.origin)
        require(
            not self.allowed_okta_apps or "IFRAME_EMBED" in self.scopes,
            "'allowed_okta_apps' goes with the scope IFRAME_EMBED",
        )

"""Where the org's hosted pages are, and the widget that is on them."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from msgspec import Struct

from mock_okta.model.progress import RecoveryType

__all__ = [
    "GOES_ON",
    "HOME",
    "MAGIC_LINK",
    "RECOVERIES",
    "SIGN_IN",
    "HostedWidget",
    "is_of_identity_engine",
    "path_to_go_on",
    "path_to_recover",
    "path_to_sign_in",
]

HOME = "/app/UserHome"
SIGN_IN = "/login/login.htm"
MAGIC_LINK = "/email/verify/{token}"
GOES_ON = "/signin/refresh-auth-state/{token}"
RECOVERIES: Mapping[RecoveryType, str] = MappingProxyType(
    {
        RecoveryType.PASSWORD: "/signin/reset-password/{token}",
        RecoveryType.UNLOCK: "/signin/user-unlock/{token}",
        RecoveryType.ACCOUNT_ACTIVATION: "/welcome/{token}",
    }
)
"""Where the links of recovery and activation e-mails lead."""


class HostedWidget(Struct, frozen=True, kw_only=True):
    """An installed release; `folder`: the path that its files are under.

    `script` and `style`: the files, in that folder, for a sign-in by the Identity Engine.
    """

    folder: str
    script: str
    style: str


def is_of_identity_engine(state_token: str) -> bool:
    """Return whether the Identity Engine made the token; the widget looks at its beginning, too.

    Source: widget, `src/router/default.ts`.
    """
    return state_token.startswith("02.")


def path_to_sign_in(from_uri: str, login_hint: str | None = None) -> str:
    """Return the path of the sign-in page, which redirects to `from_uri` afterwards."""
    hint = {} if login_hint is None else {"login_hint": login_hint}
    return f"{SIGN_IN}?{urlencode({'fromURI': from_uri} | hint)}"


def path_to_go_on(state_token: str, from_uri: str | None = None) -> str:
    """Return the path at which the widget continues a sign-in, and then redirects to `from_uri`."""
    path = GOES_ON.format(token=state_token)
    return path if from_uri is None else f"{path}?{urlencode({'fromURI': from_uri})}"


def path_to_recover(recovery_type: RecoveryType, token: str) -> str:
    """Return the path of an e-mailed link that brings that token."""
    return RECOVERIES[recovery_type].format(token=token)

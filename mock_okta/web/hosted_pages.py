"""The paths of the org's hosted pages: the sign-in page, and the widget during a sign-in."""

from urllib.parse import urlencode

__all__ = ["GOES_ON", "HOME", "SIGN_IN", "path_to_go_on", "path_to_sign_in"]

HOME = "/app/UserHome"
SIGN_IN = "/login/login.htm"
GOES_ON = "/signin/refresh-auth-state/{token}"


def path_to_sign_in(from_uri: str, login_hint: str | None = None) -> str:
    """Return the path of the sign-in page, which redirects to `from_uri` afterwards."""
    hint = {} if login_hint is None else {"login_hint": login_hint}
    return f"{SIGN_IN}?{urlencode({'fromURI': from_uri} | hint)}"


def path_to_go_on(state_token: str, from_uri: str | None = None) -> str:
    """Return the path at which the widget continues a sign-in, and then redirects to `from_uri`."""
    path = GOES_ON.format(token=state_token)
    return path if from_uri is None else f"{path}?{urlencode({'fromURI': from_uri})}"

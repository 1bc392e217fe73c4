"""All selectors of the page objects; those of the widget by generation if they differ.

Generated ids of the widget (`input7`, `form1`) change between and within versions, so they are not
used here (facts/classic E).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ScreenSelectors:
    """Elements of every screen, in both engines."""

    screens: str
    title: str = "[data-se=o-form-head]"
    error: str
    submit: str


# With this attribute the org's plain form names the release that is missing.
MISSING_WIDGET = "data-missing-widget"
# The script that loads the widget on the org's page; its address names the release.
HOSTED_WIDGET = (
    "script[src*='/okta-signin-widget/']"
    ":is([src$='/js/okta-sign-in.min.js'], [src$='/js/okta-sign-in.next.js'])"
)


@dataclass(frozen=True, kw_only=True)
class HomeSelectors:
    """The org's home page of a signed-in user."""

    user_menu: str = '[data-se="user-menu"]'
    sign_out: str = '[data-se="user-menu"] a[data-se="logout-link"]'


@dataclass(frozen=True, kw_only=True)
class IdentityProviderSelectors:
    """The page of an identity provider outside the org."""

    name: str = "h1"
    email: str = "#email"
    submit: str = "[data-se=external-submit]"
    known_user: str = "[data-se=external-user]"


@dataclass(frozen=True, kw_only=True)
class DemoSelectors:
    """The demo app's page; attributes of its body hold its state."""

    body: str = "body"
    state: str = "data-state"
    verified: str = "data-verified"
    messages_are_there: str = "body[data-messages]:not([data-messages=pending])"
    renewal_is_done: str = "body[data-renewal]:not([data-renewal=pending])"
    greeting: str = "#greeting"
    error: str = "#error"
    messages: str = "#messages li"
    get_messages: str = "#get-messages"
    renew_tokens: str = "#renew-tokens"
    sign_out: str = "#sign-out"


HOME = HomeSelectors()
IDENTITY_PROVIDER = IdentityProviderSelectors()
DEMO = DemoSelectors()

"""Every selector of the page objects; the widget's by generation where they differ.

Generated ids of the widget (`input7`, `form1`) change between and within versions: none is used
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class SignInFormSelectors:
    """The form that asks for user name and password.

    `form` matches only while the form is the one page in the widget: during a transition the old
    and the new page are both in the document for about 200 ms.
    """

    form: str
    username: str
    password: str
    remember_me: str
    submit: str
    error: str
    is_sent_by_the_browser: bool = False


# Scoped to the page of the widget that is shown, as another page of the widget has fields of the
# same names.
_SHOWN = "#okta-sign-in .auth-content-inner > .primary-auth:only-child"

WIDGET_3 = SignInFormSelectors(
    form=_SHOWN,
    username=f"{_SHOWN} #okta-signin-username",
    password=f"{_SHOWN} #okta-signin-password",
    # The checkbox itself is hidden behind its label.
    remember_me=f"{_SHOWN} label[data-se-for-name=remember]",
    submit=f"{_SHOWN} #okta-signin-submit",
    error=f"{_SHOWN} .o-form-error-container .okta-form-infobox-error",
)
WIDGET_2 = WIDGET_3
WIDGET_5 = WIDGET_3
WIDGET_7 = WIDGET_3

# By the first number of the widget's version.
WIDGETS = MappingProxyType({"2": WIDGET_2, "3": WIDGET_3, "5": WIDGET_5, "7": WIDGET_7})

# The org's own form has the widget's ids and names and works without JavaScript.
PLAIN_FORM = replace(
    WIDGET_3,
    form="#plain-sign-in",
    username="#okta-signin-username",
    password="#okta-signin-password",  # noqa: S106 -- a selector
    remember_me="[name=remember]",
    submit="#okta-signin-submit",
    error="#plain-sign-in [role=alert]",
    is_sent_by_the_browser=True,
)


@dataclass(frozen=True, kw_only=True)
class HomeSelectors:
    """The org's home page of a signed-in user."""

    user_menu: str = '[data-se="user-menu"]'
    sign_out: str = '[data-se="user-menu"] a[data-se="logout-link"]'


@dataclass(frozen=True, kw_only=True)
class DemoSelectors:
    """The demo app's page; what it has done stands in attributes of its body."""

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
DEMO = DemoSelectors()


def widget_selectors(version: str) -> SignInFormSelectors:
    """Give the sign-in form's selectors for a version of the widget.

    Raises `LookupError` for a generation that no page object knows.
    """
    generation = version.partition(".")[0]
    if generation not in WIDGETS:
        known = ", ".join(f"{number}.x" for number in WIDGETS)
        raise LookupError(f"No page object knows widget {version}; known are {known}.")
    return WIDGETS[generation]

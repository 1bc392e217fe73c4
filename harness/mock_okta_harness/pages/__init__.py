"""Page objects, synchronous: the widget's sign-in form, the org's own pages, the demo page.

Methods are acts or observations. An act returns the page that it leads to, once the browser is
there; nothing here asserts or sleeps. All selectors are in `selectors`.
"""

from mock_okta_harness.pages.demo import DemoPage, StoredTokens
from mock_okta_harness.pages.org import HomePage, HostedSignInPage
from mock_okta_harness.pages.sign_in import SignInForm

__all__ = ["DemoPage", "HomePage", "HostedSignInPage", "SignInForm", "StoredTokens"]

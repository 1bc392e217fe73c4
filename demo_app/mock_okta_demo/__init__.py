"""A single-page app and its protected API, written like any app that signs users in with Okta.

The page shows the sign-in widget in four releases; the API is a resource server on its own port.
Both know only an issuer URL, a client id and where the widget's files are. Nothing here knows that
the issuer may be a mock.

Left out: state on the server. The page keeps its tokens in the browser, the API checks each token
by itself.
"""

from mock_okta_demo.api import build_api
from mock_okta_demo.app import run
from mock_okta_demo.config import Settings, SettingsError, read_settings
from mock_okta_demo.pages import build_page

__all__ = ["Settings", "SettingsError", "build_api", "build_page", "read_settings", "run"]

"""The default org, as a document: its apps are on the usual localhost ports."""

from typing import Any

__all__ = ["default_clients", "default_servers", "default_users"]

_USUAL_PORTS = (3000, 4200, 5000, 5001, 5173, 8000, 8080, 9000)
_USUAL_PATHS = (
    "",
    "/",
    "/callback",
    "/login/callback",
    "/authorization-code/callback",
    "/login/oauth2/code/okta",  # of Spring Security, for a registration named okta
)
# What libraries call their redirect URI unless an app says otherwise, at their frameworks' ports.
_LIBRARIES_URIS = (
    "http://localhost:3000/api/auth/callback/okta",  # Auth.js and next-auth in Next.js
    "http://localhost:3000/auth/callback/okta",  # Auth.js in Express
    "http://localhost:3000/auth/oktaoauth/callback",  # omniauth-oktaoauth in Rails
    "http://localhost:3000/users/auth/oktaoauth/callback",  # the same with Devise
    "http://localhost:5000/signin-oidc",  # ASP.NET Core
    "https://localhost:5001/signin-oidc",
    "http://localhost:5173/auth/callback/okta",  # Auth.js in SvelteKit
    "http://localhost:8000/docs/oauth2-redirect",  # the API's page in FastAPI
    "http://localhost:8000/login/okta/callback",  # Laravel, in Okta's examples
    "http://localhost:8000/oidc/callback/",  # mozilla-django-oidc
)
_MESSAGES = {"name": "messages.read", "description": "Read your messages"}


def default_users() -> list[dict[str, Any]]:
    """Return the user of the default org."""
    profile = {"firstName": "Test", "lastName": "User", "locale": "en_US"}
    return [{"login": "tester@example.com", "password": "mock-Password-1", "profile": profile}]


def default_clients() -> list[dict[str, Any]]:
    """Return a single-page app, a web app and a service."""
    base_uris = [
        f"{scheme}://localhost:{port}" for scheme in ("http", "https") for port in _USUAL_PORTS
    ]
    interactive = {
        "login_redirect_uris": [
            *(uri + path for uri in base_uris for path in _USUAL_PATHS),
            *_LIBRARIES_URIS,
        ],
        "logout_redirect_uris": [uri + path for uri in base_uris for path in ("", "/")],
    }
    return [
        {
            "name": "Single-page app",
            "type": "spa",
            "client_id": "0oa1spa00000000000h7",
            "base_uris": base_uris,
            "grant_types": ["authorization_code", "implicit", "refresh_token", "interaction_code"],
            **interactive,
        },
        {
            "name": "Web app",
            "type": "web",
            "client_id": "0oa1web00000000000h7",
            "grant_types": ["authorization_code", "refresh_token", "interaction_code"],
            **interactive,
        },
        {"name": "Service", "type": "service", "client_id": "0oa1svc00000000000h7"},
    ]


def default_servers() -> list[dict[str, Any]]:
    """Return the custom authorization server that Okta's developer orgs have too."""
    return [{"id": "default", "audiences": ["api://default"], "scopes": [_MESSAGES]}]

"""Paths that are not served: either Okta has them and they are missing here, or not.

The table has only the first parts of paths, as grouped in Okta's API reference. A path that begins
so may still be misspelled; see the reference.
"""

import re

from aiohttp import web

from mock_okta.web.errors import ShownError, UnknownPath, WireError

__all__ = ["okta_beginning", "unserved"]

_OKTAS = re.compile(
    r"""
    (?: /api/v1/(?:
            agentPools | api-tokens | apps | authenticators | authn | authorizationServers
          | behaviors | bot-protection | brands | captchas | device-assurances
          | device-integrations | device-posture-checks | devices | directories | domains | dr
          | email-domains | email-servers | eventHooks | features | first-party-app-settings
          | groups | hook-keys | iam | identity-sources | idps | inlineHooks | logs | logStreams
          | mappings | meta | org | orgs | policies | principal-rate-limits | push-providers
          | rate-limit-settings | realm-assignments | realms | registration | risk | roles
          | security-events-providers | sessions | ssf | telephony-providers | templates
          | threats | trustedOrigins | users | zones )
      | /(?: attack-protection | device-access | governance | integrations
          | okta-personal-settings | privileged-access | security | webauthn-registration )/api/v1
      | /oauth2/v1/clients
      | /oauth2(?:/[^/]+)?/v1/(?:
            authorize/callback | bc/authorize | challenge | interact | oob-authenticate
          | primary-authenticate )
      | /\.well-known/(?:
            app-authenticator-configuration | apple-app-site-association | assetlinks\.json
          | okta-organization | ssf-configuration | webauthn )
      | /(?: admin | app | enduser | home | idp/idx | idp/myaccount | login | signin | sso | user )
    ) (?=/|$)
    """,
    re.VERBOSE,
)


def okta_beginning(path: str) -> str | None:
    """Return the part of Okta's API that a path belongs to, or None."""
    found = _OKTAS.match(path)
    return None if found is None else found[0]


def unserved(request: web.Request) -> WireError:
    """Return the error for a path that is not served: a page for a browser, else Okta's object.

    Deviation: a cause says if the path is Okta's, so that a missing feature does not look like a
    typo.
    """
    remark = _remark(request.path)
    if "text/html" in request.headers.get("Accept", ""):
        said = f"{UnknownPath.summary}: {remark}."
        return ShownError(UnknownPath.code, said, status=UnknownPath.status, remark=remark)
    return UnknownPath(remark=remark, causes=(remark,))


def _remark(path: str) -> str:
    if path.startswith("/_mock"):
        return "this is not a path of the control API: /_mock/openapi.json lists those that are"
    beginning = okta_beginning(path)
    if beginning is None:
        return "this is not a path of Okta"
    return f"{beginning} belongs to Okta's API, but this org does not serve this path yet"

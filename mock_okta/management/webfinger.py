"""Which identity provider signs a user in: WebFinger (RFC 7033; contract I.4)."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from mock_okta.web.errors import ValidationFailed, json_response
from mock_okta.web.requests import query_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["WebFingerEndpoint"]

_ACCOUNT = "okta:acct:"


@dataclass(frozen=True, kw_only=True)
class WebFingerEndpoint:
    """Names this org for every login, known or not: who has an account is not told.

    `rel` is not read: Okta's own widget asks for `okta:idp` and expects this one link, of another
    relation, when no other identity provider is set up. How Okta refuses is unverified.
    """

    site: Site
    org_id: str
    org_name: str

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /.well-known/webfinger."""
        path = "/.well-known/webfinger"
        return (Route(method="GET", path=path, handler=self.get, cors=Cors.TRUSTED_ORIGINS),)

    async def get(self, request: web.Request) -> web.Response:
        """RFC 7033 4.2: 400 for a resource that is missing or malformed."""
        resource = query_of(request).get("resource")
        if resource is None:
            raise ValidationFailed("resource", "resource: The field cannot be left blank")
        if not resource.startswith(_ACCOUNT) or not resource.removeprefix(_ACCOUNT).strip():
            raise ValidationFailed("resource", f"resource: Must be '{_ACCOUNT}' and a login.")
        return json_response(self._body(resource), text="application/jrd+json")

    def _body(self, resource: str) -> dict[str, Any]:
        url = self.site.url
        link = {
            "rel": "http://openid.net/specs/connect/1.0/issuer",
            "href": f"{url}/sso/idps/OKTA",
            "titles": {"und": self.org_name},
            "properties": {
                "okta:idp:metadata": f"{url}/api/v1/idps/OKTA/metadata",
                "okta:idp:type": "OKTA",
                "okta:idp:id": self.org_id,
            },
        }
        return {"subject": resource, "links": [link]}

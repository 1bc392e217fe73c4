"""Paths below /.well-known: the org itself, and who signs a user in (facts/oauth I.4, I.5)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import EngineName
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import Storage
from mock_okta.web.errors import ValidationFailed, json_response
from mock_okta.web.requests import query_of
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["OrganizationEndpoint", "WebFingerEndpoint"]

_ACCOUNT = "okta:acct:"
_PIPELINES: Mapping[EngineName, str] = MappingProxyType({"classic": "v1", "identity": "idx"})


class WebFingerEndpoint(Struct, frozen=True, kw_only=True):
    """Names the identity provider of a login (RFC 7033), for unknown logins too.

    So it does not reveal who has an account. `rel` is ignored: Okta's widget asks for `okta:idp`
    and expects one link, which has another relation if it is the org itself. The link to another
    identity provider continues to `requestContext`, if that is an allowed URL; without one it has
    no query, as in Okta's WebFinger reference. How Okta refuses is unverified.
    """

    storage: Storage
    external: ExternalSignIn
    destinations: Destinations
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /.well-known/webfinger."""
        path = "/.well-known/webfinger"
        return (Route(method="GET", path=path, handler=self.get, cors=Cors.TRUSTED_ORIGINS),)

    async def get(self, request: web.Request) -> web.Response:
        """RFC 7033 4.2: 400 for a resource that is missing or malformed."""
        query = query_of(request)
        resource = query.get("resource")
        if resource is None:
            raise ValidationFailed("resource", "resource: The field cannot be left blank")
        if not resource.startswith(_ACCOUNT) or not resource.removeprefix(_ACCOUNT).strip():
            raise ValidationFailed("resource", f"resource: Must be '{_ACCOUNT}' and a login.")
        login = resource.removeprefix(_ACCOUNT).strip()
        provider = await self.external.provider_for(login)
        if provider is None:
            link = await self._link_here()
        else:
            goes_on_to = await self.destinations.allowed(query.get("requestContext"))
            link = self._link_to(provider, login, goes_on_to)
        body = {"subject": resource, "links": [link]}
        return json_response(body, text="application/jrd+json")

    async def _link_here(self) -> dict[str, Any]:
        org = await the_org(self.storage)
        return {
            "rel": "http://openid.net/specs/connect/1.0/issuer",
            "href": f"{self.site.url}/sso/idps/OKTA",
            "titles": {"und": org.name},
            "properties": self._properties("OKTA", "OKTA", org.id),
        }

    def _link_to(
        self, provider: IdentityProvider, login: str, goes_on_to: str | None
    ) -> dict[str, Any]:
        query = urlencode({"login_hint": login, "fromURI": goes_on_to}) if goes_on_to else ""
        return {
            "rel": "okta:idp",
            "href": f"{self.site.url}/sso/idps/{provider.id}{query and f'?{query}'}",
            "titles": {"und": provider.name},
            "properties": self._properties(provider.id, provider.type, provider.id),
        }

    def _properties(self, path: str, kind: str, idp_id: str) -> dict[str, str]:
        return {
            "okta:idp:metadata": f"{self.site.url}/api/v1/idps/{path}/metadata",
            "okta:idp:type": kind,
            "okta:idp:id": idp_id,
        }


class OrganizationEndpoint(Struct, frozen=True, kw_only=True):
    """Says which engine the org runs, and its custom domain; used by the widget and tools."""

    storage: Storage
    issuers: Issuers
    engine: EngineName

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /.well-known/okta-organization."""
        path, cors = "/.well-known/okta-organization", Cors.TRUSTED_ORIGINS
        return (Route(method="GET", path=path, handler=self.get, cors=cors),)

    async def get(self, _: web.Request) -> web.Response:
        """Show the org: `pipeline` names its engine (Okta's reference, `WellKnownOrgMetadata`)."""
        org = await the_org(self.storage)
        links = {"organization": {"href": self.issuers.org_url}}
        if not self.issuers.has_one_name:
            links["alternate"] = {"href": self.issuers.custom_url}
        return json_response({"id": org.id, "_links": links, "pipeline": _PIPELINES[self.engine]})

"""`redirect-idp`: the way to an identity provider outside the org."""

from urllib.parse import urlencode

from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.transactions import state_token_of
from mock_okta.model.interactions import IdentityTransaction

__all__ = ["RedirectIdp"]


class RedirectIdp(Remediation, frozen=True, kw_only=True):
    """A link for each provider; it is followed by the browser, and never posted."""

    name = "redirect-idp"
    path = "redirect-idp"

    def is_offered(self, scene: Scene) -> bool:
        return bool(scene.providers)

    def forms(self, scene: Scene) -> tuple[Ion, ...]:
        query = urlencode({"stateToken": state_token_of(scene.transaction.handle)})
        return tuple(
            {
                "name": self.name,
                "type": provider.type,
                "idp": {"id": provider.id, "name": provider.name},
                "href": f"{scene.url}/sso/idps/{provider.id}?{query}",
                "method": "GET",
            }
            for provider in scene.providers
        )

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        raise NotOffered("an identity provider is a link to follow")

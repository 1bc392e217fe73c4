"""The device fingerprint and the security image (facts/classic D).

The widget uses them with `features.deviceFingerprinting` and `features.securityImage`.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.ids import Ids
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import UnknownPath, json_response
from mock_okta.web.pages import Frames, image, page
from mock_okta.web.requests import query_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["SECURITY_IMAGES", "DevicesEndpoint"]

SECURITY_IMAGES: Mapping[str, str] = MappingProxyType(
    {"circle": "A blue circle", "square": "A green square", "diamond": "An orange diamond"}
)
"""The images in `security_image.svg`; each user has one of them."""

_UNKNOWN = "unknown.png"


class DevicesEndpoint(Struct, frozen=True, kw_only=True):
    """Gives each browser a fingerprint, and each user a security image.

    Deviation: the fingerprint depends on the cookie `DT`, not on properties of the browser, so that
    a test gets a new device with a new browser context.
    """

    storage: Storage
    ids: Ids
    sessions: Sessions
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /login/getimage, the images, and the page that fingerprints."""
        cors = Cors.TRUSTED_ORIGINS
        fingerprint, image = "/auth/services/devicefingerprint", "/img/security/{name}"
        return (
            Route(method="GET", path="/login/getimage", handler=self.name_image, cors=cors),
            Route(method="GET", path=image, handler=self.show_image, cors=Cors.ANYBODY),
            Route(method="GET", path=fingerprint, handler=self.fingerprint),
        )

    async def name_image(self, request: web.Request) -> web.Response:
        """Answer the user's image on a device where they signed in before; else one for all.

        So nobody learns who has an account. The widget has its own picture for `unknown.png`.
        """
        user = await user_named(self.storage, query_of(request).get("username") or "")
        fingerprint = request.headers.get("X-Device-Fingerprint", "")
        name, told = _UNKNOWN, ""
        if user is not None and await self.sessions.is_known_device(user, fingerprint):
            shape = _shape_of(user.id)
            name, told = f"{shape}.svg", SECURITY_IMAGES[shape]
        return json_response(_body(f"{self.site.url}/img/security/{name}", told))

    async def show_image(self, request: web.Request) -> web.Response:
        """Draw an image."""
        name = request.match_info["name"]
        shape = "unknown" if name == _UNKNOWN else name.removesuffix(".svg")
        if name != _UNKNOWN and (shape == name or shape not in SECURITY_IMAGES):
            raise UnknownPath
        return image("security_image.svg", shape=shape)

    async def fingerprint(self, request: web.Request) -> web.Response:
        """Post the device's fingerprint to the page around this frame, as JSON text."""
        known = self.cookies.device_token(request)
        device = known or self.ids.device_token()
        digest = hashlib.sha256(device.encode("utf-8", "surrogateescape")).hexdigest()
        response = page("device_fingerprint.html", frames=Frames.ANYBODY, fingerprint=digest)
        if known is None:
            self.cookies.keep_device(response, device)
        return response


def _shape_of(user_id: str) -> str:
    shapes = tuple(SECURITY_IMAGES)
    return shapes[hashlib.sha256(user_id.encode()).digest()[0] % len(shapes)]


def _body(url: str, description: str) -> dict[str, Any]:
    return {"result": "success", "pwdImg": url, "imageDescription": description}

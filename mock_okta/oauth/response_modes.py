"""The response modes: how an authorization response gets to the client (facts/oauth C.7 to C.9)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from aiohttp import web

from mock_okta.web.pages import Frames, page
from mock_okta.web.site import origin_of

__all__ = ["RESPONSE_MODES", "default_response_mode", "redirect"]

ResponseMode = Callable[[str, Mapping[str, str]], web.Response]


def redirect(location: str) -> web.Response:
    """Return a 302 to `location` unchanged: it is not quoted again."""
    return web.Response(
        status=302, headers={"Location": location, "Referrer-Policy": "no-referrer"}
    )


def query(redirect_uri: str, fields: Mapping[str, str]) -> web.Response:
    """RFC 6749 4.1.2."""
    separator = "&" if "?" in redirect_uri else "?"
    return redirect(redirect_uri + separator + urlencode(fields))


def fragment(redirect_uri: str, fields: Mapping[str, str]) -> web.Response:
    """RFC 6749 4.2.2."""
    return redirect(redirect_uri + "#" + urlencode(fields))


def form_post(redirect_uri: str, fields: Mapping[str, str]) -> web.Response:
    """OAuth 2.0 Form Post Response Mode 2; an app may load it in a hidden frame."""
    return page("form_post.html", frames=Frames.ANYBODY, redirect_uri=redirect_uri, fields=fields)


def okta_post_message(redirect_uri: str, fields: Mapping[str, str]) -> web.Response:
    """facts/oauth C.8: one message to the opener or parent, only for the redirect URI's origin.

    Apps load this page in a hidden frame, so any site may frame it.
    """
    target = origin_of(redirect_uri)
    return page("okta_post_message.html", frames=Frames.ANYBODY, target=target, fields=fields)


RESPONSE_MODES: Mapping[str, ResponseMode] = MappingProxyType(
    {
        "query": query,
        "fragment": fragment,
        "form_post": form_post,
        "okta_post_message": okta_post_message,
    }
)


def default_response_mode(response_type: frozenset[str]) -> str:
    """Return the mode of a request without `response_mode`: tokens are never in a query."""
    return "fragment" if response_type & {"token", "id_token"} else "query"

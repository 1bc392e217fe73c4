"""Pages: jinja2 templates, always escaped."""

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["CONSOLE_MARK", "Frames", "Page", "image", "js_string", "page", "text_of"]


CONSOLE_MARK = "<!-- console -->"
"""Where the link to the console goes, in an org that has one."""


class Frames(Enum):
    """Who may show a page in a frame: a framing page could steal clicks (RFC 6749 10.13).

    Okta's Trusted Origins API says which pages `IFRAME_EMBED` allows, and for whom.
    """

    ANYBODY = "every page: nothing on this one is decided by a click"
    EMBEDDERS = "the org's own, and those of origins with the scope IFRAME_EMBED"
    EMBEDDERS_OF_HOME = "the org's own, and those of such origins with the app OKTA_ENDUSER"


class Page(web.Response):
    """An HTML answer, and who may frame it."""

    frames = Frames.EMBEDDERS


@cache
def _environment(package: str) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 -- takes 80 ms

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # otherwise each page would check its file, in the event loop
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["js_string"] = js_string
    return environment


def page(
    template: str, *, status: int = 200, frames: Frames = Frames.EMBEDDERS, **values: Any
) -> Page:
    """Return the template as an HTML answer."""
    response = Page(
        text=_rendered(template, status=status, **values), status=status, content_type="text/html"
    )
    response.frames = frames
    return response


def image(template: str, **values: Any) -> web.Response:
    """Return the template, which is SVG, as an image."""
    return web.Response(text=_rendered(template, **values), content_type="image/svg+xml")


def text_of(package: str, template: str, **values: Any) -> str:
    """Return the text of a template in the folder `templates` of a package of ours."""
    return _rendered(template, package=package, **values)


def _rendered(template: str, *, package: str = "mock_okta.web", **values: Any) -> str:
    return _environment(package).get_template(template).render(**values)


def js_string(value: str) -> str:
    """Escape everything except letters and digits for a JavaScript string, as Okta does.

    The result has no quotes, angle brackets or line ends, so it is safe in a script element too.
    """
    return "".join(_js_character(character) for character in value)


def _js_character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    if len(units) == 2 and units[0] == 0:
        return f"\\x{units[1]:02X}"
    return "".join(f"\\u{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))

"""Pages: jinja2 templates of this package, always escaped."""

from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["framed_by_nobody", "image", "js_string", "page"]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 -- takes 80 ms

    environment = Environment(
        loader=PackageLoader("mock_okta.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each page would look at its file, in the event loop
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["js_string"] = js_string
    return environment


def page(template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Return the template as an HTML answer."""
    html = _environment().get_template(template).render(status=status, **values)
    return web.Response(text=html, status=status, content_type="text/html")


def framed_by_nobody(response: web.Response) -> web.Response:
    """Return the page so that no other shows it in a frame, for clicks that it steals.

    For pages where a person decides (RFC 6749 10.13).
    """
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


def image(template: str, **values: Any) -> web.Response:
    """Return the template, which is SVG, as an image."""
    response = page(template, **values)
    response.content_type = "image/svg+xml"
    return response


def js_string(value: str) -> str:
    """Escape for the inside of a JavaScript string, as Okta does: all but letters and digits.

    What comes out has neither quotes, angle brackets nor line ends, so it is safe in a script
    element too.
    """
    return "".join(_js_character(character) for character in value)


def _js_character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    if len(units) == 2 and units[0] == 0:
        return f"\\x{units[1]:02X}"
    return "".join(f"\\u{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))

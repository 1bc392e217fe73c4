"""How a screen of the widget looks on the org's hosted page, and how on a page that is bare.

The widget is drawn by its own style sheet alone on the bare page: whatever stands elsewhere on the
hosted one, or is larger or smaller there, was reached by the org's style sheet.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, Route

WIDTHS = (1280, 360)
_HEIGHT = 900
_SIGN_IN = "/login/login.htm"
_SHEET = '<link rel="stylesheet" href="{url}/okta-signin-widget/{widget}/css/okta-sign-in.min.css">'
_BARE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
{sheet}
</head>
<body style="margin: 0"><div id="okta-login-container"></div></body>
</html>
"""
_COPY = """widget => {
  const copy = widget.cloneNode(true), pictures = widget.querySelectorAll('img');
  copy.querySelectorAll('img').forEach((each, at) => each.setAttribute('src', pictures[at].src));
  return copy.outerHTML;
}"""
_SHOW = "html => { document.getElementById('okta-login-container').innerHTML = html; }"
_STILL = """() => {
  const still = document.createElement('style');
  still.textContent = '* { animation: none !important; transition: none !important; }';
  document.head.append(still);
}"""
_READY = """async () => {
  const pictures = [...document.querySelectorAll('#okta-sign-in img')];
  await Promise.all(pictures.map(each => each.decode().catch(() => 0)));
  void document.body.offsetHeight;
  await document.fonts.ready;
}"""
_BOXES = """() => {
  const widget = document.getElementById('okta-sign-in'), top = widget.getBoundingClientRect().y;
  return [widget, ...widget.querySelectorAll('*')].map(each => {
    const box = each.getBoundingClientRect();
    const name = [each.localName, ...each.classList].join('.');
    const place = [box.x, box.y - top, box.width, box.height];
    return [name, ...place.map(length => Math.round(length * 10) / 10)];
  });
}"""
# All in one task of the browser, in which nothing moves.
_BOXES_WITH_AND_WITHOUT = (
    """() => {
  const boxes = """
    + _BOXES
    + """, style = document.querySelector('head > style').sheet;
  const with_style = boxes();
  style.disabled = true;
  document.body.style.margin = 0;
  const without = boxes();
  style.disabled = false;
  document.body.style.margin = '';
  return [with_style, without];
}"""
)


class Box(NamedTuple):
    """An element, and its place: from the page's left edge and the widget's upper one, in px."""

    name: str
    x: float
    y: float
    width: float
    height: float


def differences_without_style(page: Page) -> list[str]:
    """Name what differs for the widget on a page of the org's while its style is switched off."""
    page.evaluate(_READY)
    with_style, without = page.evaluate(_BOXES_WITH_AND_WITHOUT)
    return list(_differences(with_style, without))


def _boxes_on(page: Page) -> list[list[Any]]:
    page.evaluate(_READY)
    boxes: list[list[Any]] = page.evaluate(_BOXES)
    return boxes


def _differences(hosted: list[list[Any]], bare: list[list[Any]]) -> Iterator[str]:
    assert len(bare) > 1, "there is no widget"
    for on_hosted, on_bare in zip(hosted, bare, strict=True):
        if on_hosted != on_bare:
            yield f"{Box(*on_hosted)} is {Box(*on_bare)} on a bare page"


@dataclass(frozen=True)
class Looks:
    """Shows screens on both pages, in each width; the pages stay open from screen to screen."""

    browser: Browser
    exit: ExitStack
    _pages: dict[tuple[str, str], list[tuple[Page, Page]]] = field(default_factory=dict)

    def differences(self, shown: Page, org_url: str, widget: str) -> Iterator[str]:
        """Name what differs for the screen that the widget shows on a page of any kind."""
        screen = shown.locator("#okta-sign-in").evaluate(_COPY)
        for width, (hosted, bare) in zip(WIDTHS, self._opened(org_url, widget), strict=True):
            for page in (hosted, bare):
                page.evaluate(_SHOW, screen)
            for difference in _differences(_boxes_on(hosted), _boxes_on(bare)):
                yield f"{width} px: {difference}"

    def _opened(self, org_url: str, widget: str) -> list[tuple[Page, Page]]:
        key = (org_url, widget)
        if key not in self._pages:
            sheet = _SHEET.format(url=org_url, widget=widget)
            ways = (_with_release(org_url, widget), _as_bare(sheet))
            self._pages[key] = [
                (self._open(org_url, width, ways[0]), self._open(org_url, width, ways[1]))
                for width in WIDTHS
            ]
        return self._pages[key]

    def _open(self, org_url: str, width: int, answer: Callable[[Route], None]) -> Page:
        viewport = {"width": width, "height": _HEIGHT}
        context = self.exit.enter_context(self.browser.new_context(viewport=viewport))
        page = context.new_page()
        page.route(f"**{_SIGN_IN}", answer)
        # No widget of its own: screens are put there as they are.
        page.route("**/okta-sign-in.min.js", lambda route: route.abort())
        page.goto(org_url + _SIGN_IN)
        page.evaluate(_STILL)
        return page


def _with_release(org_url: str, widget: str) -> Callable[[Route], None]:
    """Answer with the hosted page itself, of that release."""
    prefix = f"{org_url}/okta-signin-widget/"

    def answer(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        own = text.partition(prefix)[2].partition("/")[0]
        assert own, "the hosted page is without the widget"
        route.fulfill(response=response, body=text.replace(prefix + own, prefix + widget))

    return answer


def _as_bare(sheet: str) -> Callable[[Route], None]:
    page = _BARE.format(sheet=sheet)
    return lambda route: route.fulfill(body=page, content_type="text/html")

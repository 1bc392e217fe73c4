"""How a screen of the widget looks on the org's hosted page, with the org's style and without it.

Without it the widget is drawn by its own style sheet alone: what stands elsewhere with it, or is
larger or smaller, was reached by the org's style.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, Route

WIDTHS = (1280, 360)
_HEIGHT = 900
_SIGN_IN = "/login/login.htm"
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
# All in one task of the browser, in which nothing moves.
_BOXES_WITH_AND_WITHOUT = """() => {
  const widget = document.getElementById('okta-sign-in');
  const boxes = () => {
    const top = widget.getBoundingClientRect().y;
    return [widget, ...widget.querySelectorAll('*')].map(each => {
      const box = each.getBoundingClientRect();
      const name = [each.localName, ...each.classList].join('.');
      const place = [box.x, box.y - top, box.width, box.height];
      return [name, ...place.map(length => Math.round(length * 10) / 10)];
    });
  };
  const style = document.querySelector('head > style').sheet, with_style = boxes();
  style.disabled = true;
  document.body.style.margin = 0;
  const without = boxes();
  style.disabled = false;
  document.body.style.margin = '';
  return [with_style, without];
}"""


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


def _differences(with_style: list[list[Any]], without: list[list[Any]]) -> Iterator[str]:
    assert len(without) > 1, "there is no widget"
    for styled, bare in zip(with_style, without, strict=True):
        if styled != bare:
            yield f"{Box(*styled)} is {Box(*bare)} without the org's style"


@dataclass(frozen=True)
class Looks:
    """Shows screens on the hosted page in each width; its pages stay open between screens."""

    browser: Browser
    exit: ExitStack
    _pages: dict[tuple[str, str], list[Page]] = field(default_factory=dict)

    def differences(self, shown: Page, org_url: str, widget: str) -> Iterator[str]:
        """Name what differs for the screen that the widget shows on a page of any kind."""
        screen = shown.locator("#okta-sign-in").evaluate(_COPY)
        for width, page in zip(WIDTHS, self._opened(org_url, widget), strict=True):
            page.evaluate(_SHOW, screen)
            for difference in differences_without_style(page):
                yield f"{width} px: {difference}"

    def _opened(self, org_url: str, widget: str) -> list[Page]:
        key = (org_url, widget)
        if key not in self._pages:
            answer = _with_release(org_url, widget)
            self._pages[key] = [self._open(org_url, width, answer) for width in WIDTHS]
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

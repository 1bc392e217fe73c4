"""Takes pictures of the widget as it is, once nothing in it moves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 -- the dataclass's fields are read
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEIGHT = 900
# Pictures and fonts are there, and the widget and its beacon stand still. A beacon that moves may
# be gone in the next frame, so none is waited for by itself.
_UNTIL_NOTHING_MOVES = """async widget => {
    await document.fonts.ready;
    await Promise.all([...document.images].map(each => each.decode().catch(() => 0)));
    const boxes = () => JSON.stringify([widget, ...widget.querySelectorAll(".auth-beacon")].map(
        each => each.getBoundingClientRect().toJSON()));
    let before;
    do {
        before = boxes();
        await new Promise(requestAnimationFrame);
    } while (before !== boxes());
}"""


@dataclass(frozen=True)
class Camera:
    """Stores pictures in a folder, one of each screen in each width (in px)."""

    folder: Path
    widths: tuple[int, ...]

    def take(self, page: Page, screen: str) -> None:
        """Store `SCREEN-WIDTH.png` for each width; the page is then as wide as before."""
        usual = page.viewport_size
        for width in self.widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            widget = page.locator("#okta-sign-in")
            widget.evaluate(_UNTIL_NOTHING_MOVES)
            widget.screenshot(path=self.folder / f"{screen}-{width}.png", animations="disabled")
        if usual is not None:
            page.set_viewport_size(usual)

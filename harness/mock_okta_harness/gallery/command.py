"""`mock-okta gallery`: pictures of every screen of the widget, and a page that shows them."""

from __future__ import annotations

from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from jinja2 import Environment, PackageLoader

from mock_okta import __version__
from mock_okta_harness.browser import BrowserNotFound
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.control import ControlError
from mock_okta_harness.demo.stage import a_browser_page, install_browser, install_widget
from mock_okta_harness.extras import MissingExtraError, require_playwright
from mock_okta_harness.gallery.albums import ALBUMS, Album
from mock_okta_harness.gallery.camera import Camera
from mock_okta_harness.pages import WrongScreenError
from mock_okta_harness.running import CannotStartError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Page

    from mock_okta_harness.gallery.visiting import Visit

__all__ = ["gallery"]

WIDTHS = (1280, 360)
NO_START = (CannotStartError, BrowserNotFound, MissingExtraError, OSError)
NO_SCREEN = (WrongScreenError, BrowserError, ControlError)
_ENGINES = {"classic": "Classic Engine", "identity": "Identity Engine"}


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("mock-okta-gallery"),
    show_default=True,
    help="Folder for the pictures and their page, index.html.",
)
@click.option(
    "--album",
    "albums",
    type=click.Choice([each.name for each in ALBUMS]),
    multiple=True,
    help="An engine in one release or generation of the widget; all by default.",
)
@click.option("--screen", "screens", multiple=True, help="A screen by its name; all by default.")
@click.option(
    "--width",
    "widths",
    type=click.IntRange(200, 4000),
    multiple=True,
    default=WIDTHS,
    show_default=True,
    help="The page's width in px.",
)
def gallery(
    out: Path, albums: Sequence[str], screens: Sequence[str], widths: tuple[int, ...]
) -> int:
    """Take a picture of each screen of the real widget.

    Writes a page that shows all of them.

    Each screen is reached as a user reaches it, in a real browser. Options can be given several
    times. Installs the widget and a browser first, if they are missing. The exit status is 0 only
    if every screen came.
    """
    chosen = [each for each in ALBUMS if not albums or each.name in albums]
    known = {screen for each in chosen for shown in each.walks.values() for screen in shown}
    if unknown := sorted(set(screens) - known):
        raise click.UsageError(f"No such screen: {', '.join(unknown)}")
    try:
        require_playwright("mock-okta gallery")
        install_browser()
        missing = 0
        for album in chosen:
            install_widget(album.widget)
            missing += _fill(album, Camera(out / album.name, widths), screens)
        _write_page(out)
    except NO_START as reason:
        raise click.ClickException(f"No gallery: {reason}") from reason
    click.echo(f"Open {(out / 'index.html').resolve()}")
    return int(bool(missing))


def _fill(album: Album, camera: Camera, screens: Sequence[str]) -> int:
    """Take the pictures of an album; return how many are missing."""
    missing = 0
    with album.visits() as (org, visit_of), a_browser_page(org) as page:
        for walk, shown in album.walks.items():
            wanted = [each for each in shown if not screens or each in screens]
            if wanted:
                visit = visit_of(page)
                visit.begin()
                with closing(walk(visit)) as walking:
                    missing += len(take_pictures(walking, visit, camera, wanted))
    return missing


def take_pictures(
    walk: Iterable[str | tuple[str, Page]], visit: Visit, camera: Camera, wanted: list[str]
) -> list[str]:
    """Walk until the last wanted screen was there; return those that did not come."""
    missing = list(wanted)
    try:
        for shown in walk:
            screen, page = shown if isinstance(shown, tuple) else (shown, visit.page)
            if screen in missing:
                camera.take(page, screen)
                missing.remove(screen)
                click.echo(f"{camera.folder.name}/{screen}")
            if not missing:
                break
    except NO_SCREEN as reason:
        click.echo(f"{camera.folder.name}/{missing[0]}: {reason}", err=True)
    return missing


def _write_page(out: Path) -> None:
    """Write `index.html`: it shows all pictures in the folder, also those of an earlier run."""
    paths = {path.relative_to(out).as_posix() for path in out.glob("*/*-*.png")}
    widths = sorted({int(Path(path).stem.rpartition("-")[2]) for path in paths}, reverse=True)
    sections = [
        (_ENGINES[engine], list(albums), _screens_of(engine, paths))
        for engine, albums in groupby(ALBUMS, key=lambda each: each.engine)
    ]
    environment = Environment(
        loader=PackageLoader("mock_okta_harness.gallery", "."), autoescape=True
    )
    page = environment.get_template("index.html").render(
        version=__version__, widths=widths, sections=sections, paths=paths
    )
    (out / "index.html").write_text(page, encoding="utf-8")


def _screens_of(engine: str, paths: set[str]) -> list[str]:
    """Return the engine's screens of which there is a picture, in the order of the walks."""
    there = {Path(path).stem.rpartition("-")[0] for path in paths}
    albums = [each for each in ALBUMS if each.engine == engine]
    found = (screen for each in albums for shown in each.walks.values() for screen in shown)
    return [screen for screen in dict.fromkeys(found) if screen in there]

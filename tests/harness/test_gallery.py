"""`mock-okta gallery`: pictures of screens that were reached, and a page that shows them."""

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mock_okta_harness.gallery.albums import ALBUMS
from mock_okta_harness.gallery.camera import Camera
from mock_okta_harness.gallery.command import take_pictures
from mock_okta_harness.gallery.visiting import LOGIN, PASSWORD, IdentityVisit
from mock_okta_harness.pages.identity import SelectAuthenticator
from mock_okta_harness.running import RunningOrg
from tests.harness.commands import MOCK_OKTA, status_of

WIDTHS = (1280, 360)
# The second is shown by another browser.
SHOWN = ("identity-3/identify", "identity-3/email-other-browser", "classic-3.2.2/idp-discovery")


def test_no_screen_of_an_album_has_the_name_of_another() -> None:
    for album in ALBUMS:
        names = [screen for screens in album.walks.values() for screen in screens]
        assert len(set(names)) == len(names) > 40


def test_an_unknown_screen_is_a_mistake_in_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("gallery", "--out", str(tmp_path), "--screen", "nowhere") == 2
    assert "No such screen: nowhere" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.browser
def test_screens_are_stored_in_each_width_and_shown_on_a_page(tmp_path: Path, page: Page) -> None:
    albums, screens = zip(*(name.split("/") for name in SHOWN), strict=True)
    words = [*_options("--album", albums), *_options("--screen", screens)]
    command = (*MOCK_OKTA, "gallery", "--out", str(tmp_path), *words)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    paths = {f"{name}-{width}.png" for name in SHOWN for width in WIDTHS}
    assert {each.relative_to(tmp_path).as_posix() for each in tmp_path.glob("*/*")} == paths
    page.goto((tmp_path / "index.html").as_uri())
    for width in reversed(WIDTHS):
        page.get_by_label(f"{width} px", exact=True).check()
        for shown in page.get_by_role("link").all():
            address = str(shown.get_attribute("href"))
            assert address in paths
            expect(shown).to_be_visible(visible=address.endswith(f"-{width}.png"))
    assert page.get_by_role("link", include_hidden=True).count() == len(paths)
    assert all(_width(tmp_path / path) <= int(path[:-4].rpartition("-")[2]) for path in paths)


def _options(option: str, values: tuple[str, ...]) -> Iterator[str]:
    for value in dict.fromkeys(values):
        yield from (option, value)


def _width(path: Path) -> int:
    """How wide the picture is, in px (PNG, 11.2.2)."""
    (width,) = struct.unpack(">I", path.read_bytes()[16:20])
    return int(width)


@pytest.mark.browser
def test_screens_that_do_not_come_are_named_and_missing(
    page: Page, okta_org: RunningOrg, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = IdentityVisit(page, okta_org, 2, f"{okta_org.url}/callback")

    def walk() -> Iterator[str]:
        identify = visit.open()
        yield "identify"
        page.set_default_timeout(1)
        identify.sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
        yield "select-authenticator"

    wanted = ["identify", "select-authenticator"]
    camera = Camera(tmp_path / "album", (360,))
    assert take_pictures(walk(), visit, camera, wanted) == ["select-authenticator"]
    said = capsys.readouterr()
    assert said.out == "album/identify\n"
    assert said.err.startswith("album/select-authenticator: ")
    assert [each.name for each in (tmp_path / "album").iterdir()] == ["identify-360.png"]

"""The org's pages as they are written: what they name is there."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mock_okta import Config, MockOkta
from tests.visiting import Visitor
from tests.web.org_pages import PAGES_SEED, WAYS

ADDRESSES = ("action", "data", "href", "poster", "src")
NOT_SERVED = 404


@pytest.fixture
def config(tmp_path: Path) -> Config:
    for name in ("js/okta-sign-in.min.js", "css/okta-sign-in.min.css"):
        file = tmp_path / "7.49.0" / name
        file.parent.mkdir(parents=True)
        file.write_text("/* nothing */")
    return Config(seed=PAGES_SEED, widget_dir=tmp_path)


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(
        self,
        tag: str,  # noqa: ARG002 -- the base class gives it
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.found.extend(value for name, value in attrs if name in ADDRESSES and value)


def addresses_in(html: str, org_url: str) -> Iterator[str]:
    """What the page names on the org itself."""
    parser = _Addresses()
    parser.feed(html)
    for address in parser.found:
        if address.startswith(("/", f"{org_url}/")):
            yield address


@pytest.mark.parametrize("template", sorted(WAYS))
async def test_a_page_names_nothing_that_is_not_there(
    visitor: Visitor, org: MockOkta, template: str
) -> None:
    html = (await WAYS[template](visitor)).text
    named = list(addresses_in(html, org.url))
    if "<style>" in html:
        assert "/favicon.ico" in named
    for address in named:
        answer = await visitor.ask("GET", address)
        assert answer.status != NOT_SERVED, address

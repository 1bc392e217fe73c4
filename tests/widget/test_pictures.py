"""The pictures that the org's pages and the widget show."""

import pytest

from tests.visiting import Visitor

PICTURES = [
    ("/favicon.ico", "image/x-icon", b"\x00\x00\x01\x00"),
    ("/img/logos/default.png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("/img/logos/org.svg", "image/svg+xml", b"<svg "),
]


@pytest.mark.parametrize(("path", "content_type", "begin"), PICTURES)
async def test_a_picture_is_served_as_what_it_is(
    visitor: Visitor, path: str, content_type: str, begin: bytes
) -> None:
    answer = await visitor.ask("GET", path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)
    assert answer.body.startswith(begin)
    assert answer.headers["Cache-Control"] == "max-age=86400"
    head = await visitor.ask("HEAD", path)
    assert (head.status, head.body) == (200, b"")


async def test_the_picture_of_an_app_is_named_where_apps_are_listed(visitor: Visitor) -> None:
    await visitor.sign_in()
    for link in (await visitor.ask("GET", "/api/v1/users/me/appLinks")).json():
        assert (await visitor.ask("GET", link["logoUrl"])).status == 200

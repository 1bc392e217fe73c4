"""Which releases of the widget sign in by the Identity Engine."""

import pytest

from mock_okta.browser.widget.releases import speaks_identity_engine


@pytest.mark.parametrize(
    ("version", "speaks"),
    [
        ("2.21.0", False),
        ("3.2.2", False),
        ("5.16.1", False),
        ("6.9.0", False),
        ("7.0.0", True),
        ("7.49.0", True),
        ("10.0.0-beta.1", True),
    ],
)
def test_releases_from_7_on_do(version: str, *, speaks: bool) -> None:
    assert speaks_identity_engine(version) is speaks

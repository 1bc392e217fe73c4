"""What walks through the widget's screens need: the demo page, the org's outbox, how it looks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import jwt

from mock_okta_harness.gallery.visiting import (
    LOGIN,
    NAMES,
    NEW_PASSWORD,
    PASSWORD,
    PHONE,
    SECRET,
    ClassicVisit,
)
from mock_okta_harness.pages import DemoPage

__all__ = ["LOGIN", "NAMES", "NEW_PASSWORD", "PASSWORD", "PHONE", "SECRET", "Stage", "amr_of"]


@dataclass(frozen=True)
class Stage(ClassicVisit):
    """A visit that compares how screens look."""

    differences: Callable[[], Iterable[str]]
    shown: set[str] = field(default_factory=set)

    def looks_right(self, screen: str) -> None:
        """Check that the widget looks the same on the org's hosted page as it does now."""
        differences = list(self.differences())
        assert not differences, "\n".join([f"{screen} on the hosted page:", *differences])
        self.shown.add(screen)

    def cookie(self, name: str) -> str:
        """What a cookie holds in the browser."""
        cookies = {each["name"]: each["value"] for each in self.page.context.cookies()}
        return cookies[name]


def amr_of(demo: DemoPage) -> set[str]:
    """What the tokens of a signed-in page say was proved."""
    token = demo.stored_tokens().id_token
    assert token
    return set(jwt.decode(token, options={"verify_signature": False})["amr"])

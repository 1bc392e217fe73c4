"""The albums of the gallery: the screens of one engine in one release or generation."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_okta_harness.gallery import classic, identity, identity_accounts
from mock_okta_harness.gallery.visiting import ClassicVisit, IdentityVisit, Visit
from mock_okta_harness.running import demo_app_process, org_in_a_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from playwright.sync_api import Page

    from mock_okta.app.settings import WidgetGeneration
    from mock_okta.model.directory import EngineName
    from mock_okta_harness.running import RunningOrg

# Where the walks' app would get its code: they end before.
_CALLBACK = "http://localhost:1/callback"


class Album(NamedTuple):
    """Where its pictures are, what it is called, and what shows its screens."""

    name: str
    title: str
    engine: EngineName
    widget: str
    generation: int

    @property
    def walks(self) -> Mapping[Callable[[Any], Generator[Any, None, None]], tuple[str, ...]]:
        """Walk -> the screens that it shows, in order."""
        if self.engine == "identity":
            return {**identity.WALKS, **identity_accounts.WALKS}
        if self.widget.startswith("7."):
            return classic.WALKS
        return {
            walk: tuple(each for each in screens if each not in classic.SINCE_7)
            for walk, screens in classic.WALKS.items()
        }

    @contextmanager
    def visits(self) -> Iterator[tuple[RunningOrg, Callable[[Page], Visit]]]:
        """Run an org with this widget; with it comes what makes a browser's page visit it."""
        from mock_okta import Config  # noqa: PLC0415 -- only what starts an org imports the server

        generation: WidgetGeneration = 3 if self.generation == 3 else 2
        with org_in_a_thread(
            Config(engine=self.engine, widget_version=self.widget, widget_generation=generation)
        ) as org:
            if self.engine == "identity":
                yield org, lambda page: IdentityVisit(page, org, generation, _CALLBACK)
                return
            with demo_app_process(org) as app:
                yield org, lambda page: ClassicVisit(page, org, app, self.widget)


ALBUMS = (
    Album("classic-3.2.2", "Widget 3.2.2", "classic", "3.2.2", 2),
    Album("classic-7.49.0", "Widget 7.49.0", "classic", "7.49.0", 2),
    Album("identity-2", "Second generation of 7.49.0", "identity", "7.49.0", 2),
    Album("identity-3", "Third generation of 7.49.0", "identity", "7.49.0", 3),
)

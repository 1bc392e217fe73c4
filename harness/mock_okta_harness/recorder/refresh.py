"""All cassettes of a project recorded anew, each as it says that it was made."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_okta_harness.recorder.cassette import read_cassette
from mock_okta_harness.recorder.drift import drift
from mock_okta_harness.recorder.order import OrderError
from mock_okta_harness.recorder.own_org import Wanted, an_own_org
from mock_okta_harness.recorder.sign_in import record_sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mock_okta_harness.recorder.cassette import Cassette
    from mock_okta_harness.recorder.drift import Difference
    from mock_okta_harness.recorder.order import SignInOrder
    from mock_okta_harness.recorder.recording import Recording

__all__ = ["Refreshed", "cassettes_in", "record_again", "record_of_own", "refresh"]


@dataclass(frozen=True)
class Refreshed:
    """What became of one cassette. `passed_over`: why it was not recorded anew."""

    path: Path
    differences: Sequence[Difference] = field(default=())
    passed_over: str | None = None


def cassettes_in(places: Sequence[Path]) -> list[Path]:
    """Give all cassettes: files, and the `.yaml` files in folders. Raises OrderError."""
    found: list[Path] = []
    for place in places:
        inside = sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
        if not inside:
            raise OrderError(f"{place}: no cassette in there.")
        found += inside
    return found


def refresh(
    paths: Sequence[Path],
    given: SignInOrder | None,
    *,
    seed_file: Path | None = None,
    writes: bool = True,
) -> Iterator[Refreshed]:
    """Record cassettes anew; a file whose fields say the same as before stays untouched.

    `given`: the org for those that were not of an own one; without it they are passed over.
    """
    for path in paths:
        before = read_cassette(path)
        if before.made.org == "given" and given is None:
            yield Refreshed(path, passed_over="it is of an org elsewhere: see OKTA_ORG_URL")
            continue
        after = record_again(before, given, seed_file)
        differences = drift(before, after)
        if differences and writes:
            after.save(path)
        yield Refreshed(path, differences)


def record_again(
    before: Cassette, given: SignInOrder | None, seed_file: Path | None = None
) -> Cassette:
    """Record as a cassette was recorded. Each has a fresh org, so that none sees another's."""
    made = before.made
    if made.org == "given" and given is not None:
        return record_sign_in(given).cassette()
    wanted = Wanted(
        client_id=None if before.widget else made.client_id,
        login=made.login,
        authorization_server=made.authorization_server,
        redirect_uri=made.redirect_uri,
        logout_redirect_uri=made.logout_redirect_uri,
        scopes=made.scopes,
    )
    return record_of_own(wanted, seed_file, before.widget).cassette()


def record_of_own(wanted: Wanted, seed_file: Path | None, widget: str | None) -> Recording:
    """Start an org, and record a sign-in there."""
    with ExitStack() as stack:
        org = stack.enter_context(an_own_org(seed_file))
        order = org.order(wanted)
        if widget is None:
            return record_sign_in(order)
        from mock_okta_harness.recorder.widget_sign_in import (  # noqa: PLC0415 -- slow to import
            record_widget_sign_in,
        )

        return record_widget_sign_in(order, org.running, widget)

"""Records all cassettes of a project again, each in the way that it was made."""

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
    """The result for one cassette. `passed_over`: why it was not recorded again."""

    path: Path
    differences: Sequence[Difference] = field(default=())
    passed_over: str | None = None


def cassettes_in(places: Sequence[Path]) -> list[Path]:
    """Return all cassettes: files, and the `.yaml` files in folders. Raises OrderError."""
    found: list[Path] = []
    for place in places:
        inside = sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
        if not inside:
            raise OrderError(f"{place}: there is no cassette in this folder.")
        found += inside
    return found


def refresh(
    paths: Sequence[Path],
    given: SignInOrder | None,
    *,
    seed_file: Path | None = None,
    writes: bool = True,
) -> Iterator[Refreshed]:
    """Record cassettes again; files whose fields are unchanged are not written.

    `given`: the org for cassettes of another org; without it they are skipped.
    """
    for path in paths:
        before = read_cassette(path)
        if before.made.org == "given" and given is None:
            yield Refreshed(path, passed_over="it was recorded at another org: set OKTA_ORG_URL")
            continue
        after = record_again(before, given, seed_file)
        differences = drift(before, after)
        if differences and writes:
            after.save(path)
        yield Refreshed(path, differences)


def record_again(
    before: Cassette, given: SignInOrder | None, seed_file: Path | None = None
) -> Cassette:
    """Record a cassette in the way it was made, with a new org for each."""
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

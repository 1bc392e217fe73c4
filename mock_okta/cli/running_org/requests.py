"""`mock-okta requests`: what was asked of the org, its answers and its reasons."""

import time
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from mock_okta.cli.running_org.connecting import RunningOrg, for_running_org
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path
from mock_okta.control.recorded_requests import RecordedRequest, RecordedRequests

__all__ = ["requests"]

_PAUSE_SECONDS = 0.5
_SHOWN_WHEN_FOLLOWING = 10


@click.command()
@click.option("-f", "--follow", is_flag=True, help="Go on with new requests until Ctrl-C.")
@click.option("-n", "--last", type=click.IntRange(0), help="At most so many earlier ones.")
@click.option("--method", help="Only requests with this method.")
@click.option("--path", help="Only requests to this path; '*' is a wildcard.")
@click.option("--status", type=int, help="Only requests answered with this status.")
@click.option("--client-id", help="Only requests of this client.")
@click.option("--user", help="Only requests of this user (login).")
@click.option("--clear", is_flag=True, help="Delete the recorded requests, and print none.")
@for_running_org
def requests(
    org: RunningOrg, *, follow: bool, last: int | None, clear: bool, **wanted: Any
) -> None:
    """Show recorded requests, with the reasons for refusals.

    With --follow and --json, each request is a line of its own.
    """
    if clear:
        org.send("DELETE", Path.REQUESTS)
        org.done("No requests are recorded any more.")
    elif follow:
        _follow(org, wanted, _SHOWN_WHEN_FOLLOWING if last is None else last)
    else:
        found = _newest(_asked(org, wanted), last)
        org.show(msgspec.json.encode({"requests": found}), RecordedRequests, _lines)


def _follow(org: RunningOrg, wanted: dict[str, Any], last: int) -> None:
    found = _asked(org, wanted)
    after, shown = _last_id(found, None), _newest(found, last)
    while True:
        for each in shown:
            click.echo(msgspec.json.encode(each) if org.as_json else "\n".join(_lines_of(each)))
        time.sleep(_PAUSE_SECONDS)
        shown = _asked(org, {**wanted, "after": after})
        after = _last_id(shown, after)


def _asked(org: RunningOrg, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    document = msgspec.json.decode(org.send("GET", path_of(Path.REQUESTS, **wanted)))
    found: list[dict[str, Any]] = document["requests"]
    return found


def _newest(found: list[dict[str, Any]], last: int | None) -> list[dict[str, Any]]:
    return found if last is None else found[max(0, len(found) - last) :]


def _last_id(found: list[dict[str, Any]], before: str | None) -> str | None:
    return found[-1]["id"] if found else before


def _lines(recorded: RecordedRequests) -> Iterator[str]:
    if not recorded.requests:
        yield "No requests."
    for each in recorded.requests:
        yield from _coloured(each)


def _lines_of(document: dict[str, Any]) -> Iterator[str]:
    return _coloured(msgspec.convert(document, RecordedRequest))


def _coloured(request: RecordedRequest) -> Iterator[str]:
    headline, *rest = request.lines()
    is_failure = request.status is None or request.status >= 400
    yield click.style(headline, fg="red" if is_failure else None)
    yield from rest

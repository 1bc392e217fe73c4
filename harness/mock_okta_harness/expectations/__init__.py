"""Expectations about an org's requests and tokens; a failure shows the most similar requests."""

from __future__ import annotations

import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypedDict

from mock_okta.wildcards import fits
from mock_okta_harness.expectations.tokens import WantedToken, expect_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Unpack

    from mock_okta.control.recorded_requests import RecordedRequest
    from mock_okta_harness.control import Control

__all__ = ["WantedRequest", "WantedToken", "expect_no_request", "expect_request", "expect_token"]

_NEAREST = 3
_PAUSE_SECONDS = 0.02


class WantedRequest(TypedDict, total=False):
    """Which requests match; what is left out matches all.

    In `path`, `*` stands for any characters. `parameters`: of form or query, by name. The request's
    body contains `body`, the answer's body `answer`, and one of the remarks `reason`.
    """

    method: str
    path: str
    client_id: str
    user: str
    status: int
    parameters: Mapping[str, str]
    body: str
    answer: str
    reason: str


def expect_request(
    control: Control,
    *,
    times: int | None = None,
    within: float = 0.0,
    **wanted: Unpack[WantedRequest],
) -> RecordedRequest:
    """Return the newest recorded request that matches; fail if there is none.

    `times`: the exact number of matches, one or more. `within`: wait for them up to this many
    seconds.
    """
    __tracebackhide__ = True
    if times is not None and times < 1:
        raise ValueError("times must be one or more: use expect_no_request for none.")
    seen = _seen(control, wanted, times, within)
    found = seen.matching()
    if not (found if times is None else len(found) == times):
        raise AssertionError(seen.told_near_misses(times))
    return found[-1]


def expect_no_request(control: Control, **wanted: Unpack[WantedRequest]) -> None:
    """Fail if a recorded request matches; without arguments, every request does."""
    __tracebackhide__ = True
    seen = _Seen(control.requests(), wanted)
    found = seen.matching()
    if found:
        lines = "".join(f"\n  {request.headline}" for request in found)
        raise AssertionError(f"No request should match {seen.told_wanted()}, but these do:{lines}")


def _seen(control: Control, wanted: WantedRequest, times: int | None, within: float) -> _Seen:
    """Look until there are enough matches, or time is up."""
    deadline = time.monotonic() + within
    while True:
        seen = _Seen(control.requests(), wanted)
        if len(seen.matching()) >= (1 if times is None else times):
            return seen
        if time.monotonic() >= deadline:
            return seen
        time.sleep(_PAUSE_SECONDS)


@dataclass(frozen=True)
class _Seen:
    """The recorded requests, and what is expected of one."""

    requests: Sequence[RecordedRequest]
    wanted: WantedRequest

    def matching(self) -> Sequence[RecordedRequest]:
        return [request for request in self.requests if not self._differences(request)]

    def told_wanted(self) -> str:
        told = ", ".join(f"{name} {value!r}" for name, value in self.wanted.items())
        return told or "any request"

    def told_near_misses(self, times: int | None) -> str:
        found = len(self.matching())
        count = "No request matches" if times is None else f"{times} should match, {found} do"
        return "\n".join([f"{count}: {self.told_wanted()}.", *self._near_misses()])

    def _near_misses(self) -> Iterator[str]:
        if not self.requests:
            yield "The org has recorded no requests."
            return
        newest_first = list(reversed(self.requests))
        newest_first.sort(key=lambda each: (len(self._differences(each)), self._distance(each)))
        yield f"Most similar of {len(self.requests)} recorded:"
        for request in newest_first[:_NEAREST]:
            yield f"  {request.headline}"
            yield from (f"    {difference}" for difference in self._differences(request))
            yield from (f"    why: {reason}" for reason in request.reasons)

    def _distance(self, request: RecordedRequest) -> float:
        """Return 0 for a path like the wanted one, up to 1 for another."""
        return 1 - SequenceMatcher(None, self.wanted.get("path", ""), request.path).ratio()

    def _differences(self, request: RecordedRequest) -> list[str]:
        return [*self._plain_differences(request), *self._differences_in_content(request)]

    def _plain_differences(self, request: RecordedRequest) -> Iterator[str]:
        wanted = self.wanted
        if "method" in wanted and wanted["method"].upper() != request.method:
            yield f"method is {request.method!r}, not {wanted['method']!r}"
        if "path" in wanted and not fits(wanted["path"], request.path):
            yield f"path is {request.path!r}, not {wanted['path']!r}"
        if "client_id" in wanted and wanted["client_id"] != request.client_id:
            yield f"client_id is {request.client_id!r}, not {wanted['client_id']!r}"
        if "user" in wanted and wanted["user"].lower() != (request.user or "").lower():
            yield f"user is {request.user!r}, not {wanted['user']!r}"
        if "status" in wanted and wanted["status"] != request.status:
            yield f"status is {request.status!r}, not {wanted['status']!r}"

    def _differences_in_content(self, request: RecordedRequest) -> Iterator[str]:
        wanted, given = self.wanted, request.parameters
        for name, value in wanted.get("parameters", {}).items():
            if given.get(name) != value:
                yield f"parameter {name} is {given.get(name)!r}, not {value!r}"
        if "body" in wanted and wanted["body"] not in request.body:
            yield f"body has no {wanted['body']!r}: {request.body!r}"
        if "answer" in wanted and wanted["answer"] not in request.response_body:
            yield f"answer has no {wanted['answer']!r}: {request.response_body!r}"
        if "reason" in wanted and not any(wanted["reason"] in each for each in request.remarks):
            yield f"no remark has {wanted['reason']!r}"

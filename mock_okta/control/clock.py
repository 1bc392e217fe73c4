"""`/_mock/clock`: the org's time."""

from datetime import UTC, datetime, timedelta

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock, ClockState
from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.control.paths import Path
from mock_okta.model.insight import Deadlines
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.services.testing.deadlines import Ends
from mock_okta.web.errors import ValidationFailed

__all__ = ["ClockResource"]

# Leaves room to add any lifetime; every year has four digits.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class ClockResource(Struct, frozen=True, kw_only=True):
    """Shows and moves the org's time; every answer is the new time."""

    clock: Clock
    org_clock: OrgClock
    ends: Ends

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/clock."""
        return (
            Operation(
                "GET", Path.CLOCK, "Show the org's time.", self._show, answer=schema.ClockReading
            ),
            Operation(
                "GET",
                Path.DEADLINES,
                "Show what ends next by the org's time: sessions, codes, refresh tokens, keys.",
                self._show_ends,
                answer=Deadlines,
            ),
            Operation(
                "PUT",
                Path.CLOCK,
                "Set, freeze or resume; 'now' alone leaves it running or frozen.",
                self._change,
                body=schema.ClockChange,
                answer=schema.ClockReading,
            ),
            Operation(
                "POST",
                Path.ADVANCE,
                "Move the clock, frozen or not.",
                self._advance,
                body=schema.ClockAdvance,
                answer=schema.ClockReading,
            ),
        )

    async def _show(self, _: web.Request) -> schema.ClockReading:
        return schema.ClockReading(now=self.clock.now(), frozen=self.clock.is_frozen)

    async def _show_ends(self, _: web.Request) -> Deadlines:
        return Deadlines(deadlines=await self.ends.next())

    async def _change(self, request: web.Request) -> schema.ClockReading:
        change = await body_as(request, schema.ClockChange)
        if change.now is not None and change.now.tzinfo is None:
            raise ValidationFailed("now", "now: Expected an instant with a time zone, such as …Z")
        _is_within_reach(change.now or self.clock.now(), "now")
        await self.org_clock.change(lambda state: _changed(state, change))
        return await self._show(request)

    async def _advance(self, request: web.Request) -> schema.ClockReading:
        seconds = (await body_as(request, schema.ClockAdvance)).seconds
        try:
            by = timedelta(seconds=seconds)
            _is_within_reach(self.clock.now() + by, "seconds")
        except OverflowError as error:
            raise _out_of_reach("seconds") from error
        await self.org_clock.change(lambda state: state.advanced(by))
        return await self._show(request)


def _changed(state: ClockState, change: schema.ClockChange) -> ClockState:
    if change.frozen is False:
        state = state.resumed()
    if change.frozen is True and (change.now is not None or state.frozen_at is None):
        return state.frozen(change.now)
    return state if change.now is None else state.set(change.now)


def _is_within_reach(instant: datetime, field: str) -> None:
    if not _EARLIEST <= instant <= _LATEST:
        raise _out_of_reach(field)


def _out_of_reach(field: str) -> ValidationFailed:
    years = f"{_EARLIEST.year} to {_LATEST.year}"
    return ValidationFailed(field, f"{field}: Expected an instant in the years {years}")

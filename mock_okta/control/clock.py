"""`/_mock/clock`: the org's time."""

from datetime import UTC, datetime, timedelta

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.web.errors import ValidationFailed

__all__ = ["ClockResource"]

# Room to add any lifetime, and to write any instant with four digits of the year.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class ClockResource(Struct, frozen=True, kw_only=True):
    """Tells and moves the org's time; every answer is the time after it."""

    clock: Clock

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/clock."""
        return (
            Operation(
                method="GET",
                path=schema.Path.CLOCK,
                summary="Tell the org's time.",
                handler=self.show,
                answer=schema.ClockReading,
            ),
            Operation(
                method="PUT",
                path=schema.Path.CLOCK,
                summary="Set, freeze or resume; 'now' alone leaves it running or frozen.",
                handler=self.change,
                body=schema.ClockChange,
                answer=schema.ClockReading,
            ),
            Operation(
                method="POST",
                path=schema.Path.ADVANCE,
                summary="Move the clock, frozen or not.",
                handler=self.advance,
                body=schema.ClockAdvance,
                answer=schema.ClockReading,
            ),
        )

    async def show(self, _: web.Request) -> schema.ClockReading:
        """Tell the org's time."""
        return schema.ClockReading(now=self.clock.now(), frozen=self.clock.is_frozen)

    async def change(self, request: web.Request) -> schema.ClockReading:
        """Set, freeze or resume; `now` alone sets the time and leaves it running or frozen."""
        change = await body_as(request, schema.ClockChange)
        if change.now is not None and change.now.tzinfo is None:
            raise ValidationFailed("now", "now: Expected an instant with a time zone, such as …Z")
        _is_within_reach(change.now or self.clock.now(), "now")
        if change.frozen is False:
            self.clock.resume()
        if change.frozen is True and (change.now is not None or not self.clock.is_frozen):
            self.clock.freeze(change.now)
        elif change.now is not None:
            self.clock.set(change.now)
        return await self.show(request)

    async def advance(self, request: web.Request) -> schema.ClockReading:
        """Move the clock by seconds, frozen or not."""
        seconds = (await body_as(request, schema.ClockAdvance)).seconds
        try:
            by = timedelta(seconds=seconds)
            _is_within_reach(self.clock.now() + by, "seconds")
        except OverflowError as error:
            raise _out_of_reach("seconds") from error
        self.clock.advance(by)
        return await self.show(request)


def _is_within_reach(instant: datetime, field: str) -> None:
    if not _EARLIEST <= instant <= _LATEST:
        raise _out_of_reach(field)


def _out_of_reach(field: str) -> ValidationFailed:
    years = f"{_EARLIEST.year} to {_LATEST.year}"
    return ValidationFailed(field, f"{field}: Expected an instant in the years {years}")

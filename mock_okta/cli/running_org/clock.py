"""`mock-okta clock`: shows and moves the org's time."""

import re
from datetime import datetime, timedelta
from typing import Any

import click

from mock_okta.cli.running_org.connecting import RunningOrg, for_running_org
from mock_okta.clock import wire_instant
from mock_okta.control.paths import Path
from mock_okta.control.schema import ClockAdvance, ClockChange, ClockReading

__all__ = ["clock"]

_DURATION = re.compile(r"([+-])(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
_ACTIONS = ("show", "freeze", "resume", "set")


class _ClockCommand(click.Command):
    """Takes `-30m` as a duration, not as options."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        back = [each for each in args if re.match(r"-\d", each)]
        if back and "--" not in args:
            args = [*(each for each in args if each not in back), "--", *back]
        return super().parse_args(context, args)


def _actions(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    return [each for each in (*_ACTIONS, "+1h", "+1d") if each.startswith(begun)]


@click.command(cls=_ClockCommand)
@click.argument(
    "action", default="show", metavar="[+2h|-30m|show|freeze|resume|set]", shell_complete=_actions
)
@click.argument("at", required=False, metavar="[INSTANT]")
@for_running_org
def clock(org: RunningOrg, action: str, at: str | None) -> None:
    """Show or move the org's time.

    Sessions, tokens and passcodes expire by it.

    \b
    mock-okta clock +2h        two hours later; w, d, h, m and s, such as +1d12h
    mock-okta clock -30m       half an hour earlier
    mock-okta clock freeze     stop it, now or at INSTANT
    mock-okta clock set 2030-01-01T00:00:00Z
    mock-okta clock resume     let it run again

    Prints the new time.
    """  # noqa: D301 -- \b keeps click from joining the lines
    if at is not None and action not in ("freeze", "set"):
        raise click.UsageError(f"only 'freeze' and 'set' take an instant, not {action!r}")
    org.show(_answer(org, action, at), ClockReading, _lines)


def _answer(org: RunningOrg, action: str, at: str | None) -> bytes:
    match action:
        case "show":
            return org.send("GET", Path.CLOCK)
        case "freeze":
            change = ClockChange(frozen=True, now=None if at is None else _instant(at))
        case "resume":
            change = ClockChange(frozen=False)
        case "set":
            if at is None:
                raise click.UsageError("'set' needs an instant, such as 2030-01-01T00:00:00Z")
            change = ClockChange(now=_instant(at))
        case _:
            return org.send("POST", Path.ADVANCE, ClockAdvance(seconds=_seconds(action)))
    return org.send("PUT", Path.CLOCK, change)


def _seconds(given: str) -> float:
    found = _DURATION.fullmatch(given)
    if found is None or not any(found.groups()[1:]):
        known = ", ".join(_ACTIONS)
        raise click.UsageError(
            f"{given!r} is no duration such as +2h, -30m or +1d12h, and none of {known}"
        )
    sign, *amounts = found.groups()
    parts: Any = {unit: int(n) for unit, n in zip(_UNITS, amounts, strict=True) if n}
    try:
        seconds = timedelta(**parts).total_seconds()
    except OverflowError as error:
        raise click.UsageError(f"{given!r} is too long") from error
    return -seconds if sign == "-" else seconds


def _instant(given: str) -> datetime:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError as error:
        raise click.UsageError(f"{given!r} is no instant such as 2030-01-01T00:00:00Z") from error
    if instant.tzinfo is None:
        raise click.UsageError(f"{given!r} has no time zone: write it as 2030-01-01T00:00:00Z")
    return instant


def _lines(reading: ClockReading) -> tuple[str]:
    return (f"{wire_instant(reading.now)}  {'frozen' if reading.frozen else 'running'}",)

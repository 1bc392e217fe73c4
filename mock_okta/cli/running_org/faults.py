"""`mock-okta faults`: what goes wrong for the next requests that match."""

from collections.abc import Iterator
from typing import Any, get_args

import click
import msgspec

from mock_okta.cli.running_org.connecting import ListingGroup, RunningOrg, for_running_org
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path
from mock_okta.control.schema import PlannedFaults
from mock_okta.model.faults import Fault

__all__ = ["faults"]

_KINDS = {str(each.__struct_config__.tag): each for each in get_args(Fault)}
_COMMON = ("path", "method", "client_id", "user", "times")


@click.group(cls=ListingGroup)
def faults() -> None:
    """Plan what goes wrong for the next requests that match.

    Without a command, lists the planned faults.
    """


@faults.command("list")
@for_running_org
def list_(org: RunningOrg) -> None:
    """List planned faults: how often each has fired, and still will."""
    org.show(org.send("GET", Path.FAULTS), PlannedFaults, _lines)


def _own_settings() -> str:
    """Return a line for each kind of fault, with the settings that only it has."""
    own = {
        kind: ", ".join(each for each in fault.__struct_fields__ if each not in _COMMON)
        for kind, fault in _KINDS.items()
    }
    return "\b\nKIND, and its settings:\n" + "\n".join(
        f"  {kind:<22} {settings}".rstrip() for kind, settings in own.items()
    )


@faults.command(epilog=_own_settings())
@click.argument("kind", type=click.Choice(list(_KINDS)), metavar="KIND")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
@for_running_org
def plan(org: RunningOrg, kind: str, settings: tuple[str, ...]) -> None:
    """Plan a fault for the next request that fits the settings.

    \b
    mock-okta faults plan rate_limited path=*/v1/token times=2
    mock-okta faults plan status status=503
    mock-okta faults plan broken_token 'broken=["expired"]'

    All kinds have the settings path, method, client_id, user and times, which say what requests
    they apply to. A VALUE is JSON, or else text.
    """  # noqa: D301 -- \b keeps click from joining the lines
    fault = {"kind": kind} | dict(map(_setting, settings))
    org.show(org.send("POST", Path.FAULTS, fault), PlannedFaults, _lines)


@faults.command()
@click.argument("fault_id", metavar="ID")
@for_running_org
def remove(org: RunningOrg, fault_id: str) -> None:
    """Remove the planned fault with that ID."""
    missing = f"no fault {fault_id!r} is planned: 'mock-okta faults' lists them"
    org.send("DELETE", path_of(Path.FAULT, id=fault_id), missing=missing)
    org.done(f"{fault_id} is removed.")


@faults.command()
@for_running_org
def clear(org: RunningOrg) -> None:
    """Remove all planned faults."""
    org.send("DELETE", Path.FAULTS)
    org.done("No faults are planned any more.")


def _setting(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals:
        raise click.UsageError(f"{given!r} is not NAME=VALUE")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value


def _lines(planned: PlannedFaults) -> Iterator[str]:
    if not planned.faults:
        yield "No faults are planned."
    for each in planned.faults:
        settings = [f"{name}={value}" for name, value in each.fault.items() if name != "kind"]
        fired = f"fired {each.fired}, {each.left} left"
        yield f"{each.id}  {each.fault['kind']}  {fired}  {' '.join(settings)}".rstrip()

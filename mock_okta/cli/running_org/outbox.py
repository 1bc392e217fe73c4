"""`mock-okta outbox`: the messages that Okta would have sent."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from mock_okta.cli.running_org.connecting import RunningOrg, for_running_org
from mock_okta.control.paths import Path
from mock_okta.control.schema import Outbox

__all__ = ["outbox"]


@click.command()
@click.option("--to", help="Only messages to this address or phone number.")
@click.option("--last", is_flag=True, help="Only the newest.")
@click.option("--clear", is_flag=True, help="Delete all messages, without printing them.")
@for_running_org
def outbox(org: RunningOrg, to: str | None, *, last: bool, clear: bool) -> None:
    """Show the e-mails, texts and calls that Okta would have sent.

    mock-okta outbox --last --json prints {"messages": [{…, "passcode": "123456"}]}.
    """
    if clear:
        org.send("DELETE", Path.OUTBOX)
        org.done("The outbox is empty.")
        return
    document: dict[str, Any] = msgspec.json.decode(org.send("GET", Path.OUTBOX))
    found = [each for each in document["messages"] if to in (None, each["to"])]
    content = msgspec.json.encode({"messages": found[-1:] if last else found})
    org.show(content, Outbox, _lines)


def _lines(outbox: Outbox) -> Iterator[str]:
    if not outbox.messages:
        yield "No messages."
    for each in outbox.messages:
        headline = click.style(f"{each.channel} to {each.to}", bold=True)
        yield f"{each.created_at:%Y-%m-%d %H:%M:%S} {headline}  {each.subject}".rstrip()
        if each.passcode:
            yield f"    passcode {click.style(each.passcode, fg='green')}"
        if each.link:
            yield f"    link {each.link}"
        if not each.passcode and not each.link:
            yield f"    {' '.join(each.text.split())}"

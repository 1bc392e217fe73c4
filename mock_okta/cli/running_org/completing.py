"""What the shell completes from a running org; nothing if no org answers."""

import click

from mock_okta.cli.running_org.connecting import running_org_of
from mock_okta.control.paths import Path
from mock_okta.control.schema import OrgFacts

__all__ = ["logins"]


def logins(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Return the logins of the org that begin so."""
    given = {"as_json": False, "ca_file": None, "control_token": None, **context.params}
    try:
        org = running_org_of(given).ask(OrgFacts, "GET", Path.ORG)
    except (click.ClickException, KeyError, AttributeError):
        return []
    return [user.login for user in org.users if user.login.startswith(begun)]

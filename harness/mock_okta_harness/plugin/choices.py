"""What a project chooses once, in pytest's ini file or on its command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "TRAFFIC_ALWAYS",
    "TRAFFIC_NEVER",
    "Scope",
    "add_choices",
    "check_choices",
    "scope_choice",
    "traffic_choice",
]

Scope = Literal["session", "package", "module", "class", "function"]
_SCOPES: Sequence[Scope] = ("session", "package", "module", "class", "function")
TRAFFIC_ALWAYS, TRAFFIC_NEVER = "always", "never"
_TRAFFIC = ("failure", TRAFFIC_ALWAYS, TRAFFIC_NEVER)
_CHOICES = {"okta_scope": _SCOPES, "okta_traffic": _TRAFFIC}
_MEANINGS = {
    "okta_scope": "How long an org lives: session (under pytest-xdist each worker has one of its "
    "own), package, module, class or function. Every test finds its org as new in any case.",
    "okta_traffic": "When the requests that the org recorded go into a test's report: "
    "failure, always or never.",
}


def add_choices(parser: pytest.Parser) -> None:
    """Add `--okta-scope` and `--okta-traffic`, and an ini setting beside each."""
    group = parser.getgroup("mock_okta", "mock_okta")
    for name, allowed in _CHOICES.items():
        option = f"--{name.replace('_', '-')}"
        group.addoption(option, choices=allowed, help=_MEANINGS[name])
        parser.addini(name, _MEANINGS[name], default=allowed[0])


def check_choices(config: pytest.Config) -> None:
    """Refuse words of the ini file that are none of the allowed ones."""
    for name, allowed in _CHOICES.items():
        if config.getini(name) not in allowed:
            told = ", ".join(allowed)
            raise pytest.UsageError(f"{name} = {config.getini(name)}: it is one of {told}")


def scope_choice(fixture_name: str, config: pytest.Config) -> Scope:  # noqa: ARG001 -- as pytest calls it
    """Tell how long an org lives."""
    return cast("Scope", _chosen(config, "okta_scope"))


def traffic_choice(config: pytest.Config) -> str:
    """Tell when recorded requests go into a report."""
    return _chosen(config, "okta_traffic")


def _chosen(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--{name.replace('_', '-')}") or config.getini(name))

"""Steps of the state machine, by what they are about. None calls another: they meet in `settle`."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.model.transactions import Transaction

__all__ = ["Beginning", "Step"]

Beginning: TypeAlias = Callable[[Parts, Call], Awaitable[dict[str, Any]]]
"""Begins a transaction, and returns the body of the answer."""

Step: TypeAlias = Callable[[Parts, Transaction, Call], Awaitable[dict[str, Any]]]
"""Takes a transaction in a status that the table allows, and returns the body of the answer."""

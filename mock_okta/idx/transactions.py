"""Sign-ins in progress, by their state handles."""

from mock_okta.model.interactions import IdentityTransaction
from mock_okta.services.services import Services
from mock_okta.services.sign_in.transactions import Transactions

__all__ = ["identity_transactions", "state_token_of"]


def identity_transactions(services: Services) -> Transactions[IdentityTransaction]:
    """Return what keeps the Identity Engine's transactions."""
    return Transactions(
        kept=services.storage.identity_transactions,
        record=IdentityTransaction,
        new_handle=services.ids.state_handle,
        clock=services.clock,
    )


def state_token_of(state_handle: str) -> str:
    """Return what stands for the transaction in URLs: the handle up to `~`."""
    return state_handle.partition("~")[0]

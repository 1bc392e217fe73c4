"""What the steps of the state machine may touch."""

from msgspec import Struct

from mock_okta.authn.responses import Responses
from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import NotSignable, SpentOrExpired
from mock_okta.model.progress import RecoveryType
from mock_okta.model.transactions import Transaction
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import Factors
from mock_okta.services.factors.passcodes import Passcodes
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.passwords import Passwords
from mock_okta.services.users.recovery import Recoveries
from mock_okta.storage import Storage

__all__ = ["Parts"]

_TO_BEGIN = (UserStatus.STAGED, UserStatus.PROVISIONED)


class Parts(Struct, frozen=True, kw_only=True):
    """Collaborators of all steps; `url` is the org's."""

    storage: Storage
    clock: Clock
    ids: Ids
    outbox: Outbox
    policies: Policies
    credentials: Credentials
    passwords: Passwords
    passcodes: Passcodes
    recoveries: Recoveries
    lifecycle: Lifecycle
    requirements: Requirements
    transactions: Transactions[Transaction]
    factors: Factors
    sessions: Sessions
    responses: Responses
    url: str

    async def user_of(self, transaction: Transaction) -> User:
        """Return whose transaction it is.

        Raises SpentOrExpired if they were removed, NotSignable if they were suspended, say.
        """
        user = await self.storage.users.get(transaction.user_id or "")
        if user is None:
            raise SpentOrExpired("the stateToken is of a user who is no more")
        is_activation = transaction.recovery_type is RecoveryType.ACCOUNT_ACTIVATION
        if not user.is_usable and not (is_activation and user.status in _TO_BEGIN):
            raise NotSignable(f"{user.login} is {user.status}")
        return user

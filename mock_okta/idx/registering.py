"""What somebody who signs up has to enrol before they are a user as others are."""

from mock_okta.idx.authenticators import EMAIL, PASSWORD
from mock_okta.model.authenticators import AuthenticatorKey
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.interactions import IdentityTransaction, Purpose

__all__ = ["left_to_enroll"]


def left_to_enroll(transaction: IdentityTransaction, user: User) -> tuple[AuthenticatorKey, ...]:
    """Return the password, if the form did not ask for it, and the address that has to be proved.

    Unverified: Okta's enrolment policy says itself whether a password is required.
    """
    if transaction.purpose is not Purpose.REGISTRATION:
        return ()
    has_proved = any(FactorKey.EMAIL in proof.keys for proof in transaction.proofs)
    must_prove = user.status is UserStatus.PROVISIONED and not has_proved
    return (*([] if user.password else [PASSWORD]), *([EMAIL] if must_prove else []))

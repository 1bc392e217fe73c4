"""The state machine as the facts have it (facts/classic C.1-C.4), not as the server's table.

`SUCCESSORS` is what every cell that is allowed may lead to; what is not in it is forbidden.
"""

from collections.abc import Mapping

from mock_okta.authn.operations import Operation
from mock_okta.model.transactions import Status

__all__ = ["OVER", "SUCCESSORS", "successors"]

OVER = "OVER"
"""The transaction is gone: `cancel` answers `{}`."""

_SIGNED_IN = frozenset({Status.SUCCESS})
# Who enrols nothing required yet is asked last of all.
_AFTER_PASSWORD = _SIGNED_IN | {Status.MFA_ENROLL}
# A factor comes before an expired password (C.1).
_AFTER_FACTOR = _AFTER_PASSWORD | {Status.PASSWORD_EXPIRED, Status.PASSWORD_WARN}
_AFTER_PRIMARY = _AFTER_FACTOR | {Status.MFA_REQUIRED}
_AFTER_RECOVERY = _AFTER_PASSWORD | {Status.MFA_REQUIRED}

_CELLS: Mapping[Status, Mapping[Operation, frozenset[Status]]] = {
    Status.UNAUTHENTICATED: {
        # Without a password, it stays here and lists factors.
        Operation.AUTHENTICATE: _AFTER_PRIMARY | {Status.LOCKED_OUT, Status.UNAUTHENTICATED},
        Operation.VERIFY: _AFTER_PRIMARY | {Status.MFA_CHALLENGE},
    },
    Status.MFA_REQUIRED: {
        Operation.VERIFY: _AFTER_FACTOR | {Status.MFA_CHALLENGE},
    },
    Status.MFA_CHALLENGE: {
        # One factor in the password's place may not be enough: MFA_REQUIRED asks for the next.
        Operation.VERIFY: _AFTER_PRIMARY | {Status.MFA_CHALLENGE},
        Operation.RESEND: frozenset({Status.MFA_CHALLENGE}),
        Operation.PREVIOUS: frozenset({Status.MFA_REQUIRED, Status.UNAUTHENTICATED}),
    },
    Status.MFA_ENROLL: {
        Operation.ENROLL: _AFTER_PASSWORD | {Status.MFA_ENROLL_ACTIVATE},
        # Somebody else may have enrolled a factor for the same user meanwhile.
        Operation.SKIP: _AFTER_RECOVERY,
    },
    Status.MFA_ENROLL_ACTIVATE: {
        Operation.ACTIVATE: _AFTER_PASSWORD | {Status.MFA_ENROLL_ACTIVATE},
        Operation.RESEND_ACTIVATION: frozenset({Status.MFA_ENROLL_ACTIVATE}),
        Operation.SEND_ACTIVATION: frozenset({Status.MFA_ENROLL_ACTIVATE}),
        Operation.PREVIOUS: frozenset({Status.MFA_ENROLL}),
    },
    Status.PASSWORD_WARN: {
        Operation.CHANGE_PASSWORD: _AFTER_PASSWORD,
        Operation.SKIP: _AFTER_PASSWORD,
    },
    Status.PASSWORD_EXPIRED: {
        Operation.CHANGE_PASSWORD: _AFTER_PASSWORD,
    },
    Status.PASSWORD_RESET: {
        Operation.RESET_PASSWORD: _AFTER_RECOVERY,
    },
    Status.RECOVERY: {
        # SUCCESS of an unlock, or where the new password came along.
        Operation.ANSWER: _AFTER_RECOVERY | {Status.PASSWORD_RESET},
    },
    Status.RECOVERY_CHALLENGE: {
        # SUCCESS of an unlock.
        Operation.VERIFY_RECOVERY: _SIGNED_IN | {Status.RECOVERY, Status.PASSWORD_RESET},
        Operation.RESEND_RECOVERY: frozenset({Status.RECOVERY_CHALLENGE}),
    },
    Status.CONSENT_REQUIRED: {
        Operation.CONSENT: _SIGNED_IN,
    },
    # Only for a step-up or a consent, whose link leaves the state machine.
    Status.SUCCESS: {},
}

SUCCESSORS: Mapping[tuple[Status, Operation], frozenset[str]] = {
    (status, operation): frozenset(allowed)
    for status, cells in _CELLS.items()
    for operation, allowed in {
        **cells,
        Operation.INTROSPECT: frozenset({status}),
        Operation.CANCEL: frozenset({OVER}),
    }.items()
}


def successors(status: str, operation: Operation) -> frozenset[str]:
    """What a cell may lead to; nothing, if it is forbidden."""
    return SUCCESSORS.get((Status(status), operation), frozenset())

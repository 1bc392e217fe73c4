"""Which authenticators a user may enrol now, and which they must."""

from collections.abc import Iterable

from msgspec import Struct, structs

from mock_okta.idx.authenticators import AUTHENTICATORS, EMAIL, OKTA_VERIFY, PASSWORD, Authenticator
from mock_okta.idx.needs import Needed
from mock_okta.model.authenticators import AuthenticatorKey
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.interactions import IdentityTransaction, Purpose
from mock_okta.model.progress import Step
from mock_okta.services.sign_in.next_step import enrollable, must_enroll

__all__ = ["Enrollable", "enrollable_of", "left_to_enroll"]


class Enrollable(Struct, frozen=True, kw_only=True):
    """Authenticators with the methods that may be enrolled; `is_required`: one of them must be."""

    authenticators: tuple[Authenticator, ...] = ()
    is_required: bool = False


def enrollable_of(needed: Needed) -> Enrollable:
    """Return what may be enrolled: required authenticators alone, while one of them is missing.

    Unverified: the widget heads one list either "Required now" or "Optional", so that a list of
    both would be wrong under either heading.
    """
    situation = needed.situation
    keys = enrollable(situation)
    due = needed.due.keys if needed.due.step is Step.ENROLL_FACTOR else ()
    required = [*due, *(key for key in keys if key in situation.enrollment.required)]
    return Enrollable(
        authenticators=tuple(_with_methods(required or keys)),
        is_required=bool(required) or must_enroll(situation),
    )


def _with_methods(keys: Iterable[FactorKey]) -> Iterable[Authenticator]:
    """Return the authenticators of the factors; Okta Verify is enrolled as a whole, by its app."""
    wanted = set(keys)
    for each in AUTHENTICATORS.values():
        methods = tuple(method for method in each.methods if method.factor in wanted)
        if methods and each.key == OKTA_VERIFY:
            yield each
        elif methods:
            yield structs.replace(each, methods=methods)


def left_to_enroll(transaction: IdentityTransaction, user: User) -> tuple[AuthenticatorKey, ...]:
    """Return the password, if the form did not ask for it, and the address that has to be proved.

    Unverified: Okta's enrolment policy says itself whether a password is required.
    """
    if transaction.purpose is not Purpose.REGISTRATION:
        return ()
    has_proved = any(FactorKey.EMAIL in proof.keys for proof in transaction.proofs)
    must_prove = user.status is UserStatus.PROVISIONED and not has_proved
    return (*([] if user.password else [PASSWORD]), *([EMAIL] if must_prove else []))

"""Links of a transaction, derived from the table of transitions (facts/classic C.0, C.2)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from mock_okta.authn.factor_views import VIEWS
from mock_okta.authn.operations import PATHS, Operation, post
from mock_okta.model.factors import OVER
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors import FactorKind
from mock_okta.services.sign_in.next_step import Situation, must_enroll

__all__ = ["links_of"]


class Link(Struct, frozen=True, kw_only=True):
    """The relation of the link that offers an operation, and its name."""

    rel: str
    name: str | None = None


_LINKS: Mapping[Operation, Link] = MappingProxyType(
    {
        Operation.AUTHENTICATE: Link(rel="next", name="authenticate"),
        Operation.CHANGE_PASSWORD: Link(rel="next", name="changePassword"),
        Operation.RESET_PASSWORD: Link(rel="next", name="resetPassword"),
        Operation.ANSWER: Link(rel="next", name="answer"),
        Operation.VERIFY_RECOVERY: Link(rel="next", name="verify"),
        Operation.ACTIVATE: Link(rel="next", name="activate"),
        Operation.VERIFY: Link(rel="next", name="verify"),
        Operation.CONSENT: Link(rel="next", name="consent"),
        Operation.PREVIOUS: Link(rel="prev"),
        Operation.SKIP: Link(rel="skip", name="skip"),
        Operation.CANCEL: Link(rel="cancel"),
        Operation.RESEND_RECOVERY: Link(rel="resend"),
        Operation.RESEND_ACTIVATION: Link(rel="resend"),
        Operation.RESEND: Link(rel="resend"),
    }
)
_OF_EACH_FACTOR = (
    (Status.UNAUTHENTICATED, Operation.VERIFY),
    (Status.MFA_REQUIRED, Operation.VERIFY),
    (Status.MFA_ENROLL, Operation.ENROLL),
)
_OF_THE_KIND = (Operation.RESEND, Operation.RESEND_ACTIVATION)
_ORDER = ("next", "resend", "prev", "skip", "cancel")


def links_of(
    transaction: Transaction,
    operations: Iterable[Operation],
    situation: Situation | None,
    kind: FactorKind | None,
    url: str,
) -> dict[str, Any]:
    """Return `_links` for the operations that the table allows here; `url` is the org's."""
    if transaction.status is Status.SUCCESS:
        href = f"{url}/login/step-up/redirect?stateToken={transaction.handle}"
        return {"next": {"name": "original", "href": href, "hints": {"allow": ["GET"]}}}
    links: dict[str, Any] = {}
    for operation in operations:
        if operation in _LINKS and _is_offered(transaction, operation, situation, kind):
            link = _LINKS[operation]
            href = url + _path(transaction, operation)
            links[link.rel] = _written(transaction, operation, link, kind, href)
    return {rel: links[rel] for rel in _ORDER if rel in links}


def _is_offered(
    transaction: Transaction,
    operation: Operation,
    situation: Situation | None,
    kind: FactorKind | None,
) -> bool:
    if (transaction.status, operation) in _OF_EACH_FACTOR:
        return False
    if operation is Operation.AUTHENTICATE:
        return not transaction.is_anonymous
    if operation is Operation.RESEND_ACTIVATION and kind is not None and kind.polls:
        return False
    if operation in _OF_THE_KIND:
        return kind is not None and kind.is_sent
    is_optional_enrollment = operation is Operation.SKIP and situation is not None
    return not (
        is_optional_enrollment
        and transaction.status is Status.MFA_ENROLL
        and situation is not None
        and must_enroll(situation)
    )


def _path(transaction: Transaction, operation: Operation) -> str:
    factor_id = transaction.enrolling.id if transaction.enrolling else transaction.factor_id
    channel = (transaction.recovery_factor or "").lower()
    return PATHS[operation].replace("{factor_id}", factor_id or "").replace("{channel}", channel)


def _written(
    transaction: Transaction, operation: Operation, link: Link, kind: FactorKind | None, href: str
) -> Any:
    """Return one link; a list to resend a factor's challenge, as the client library expects."""
    match operation:
        case Operation.RESEND_RECOVERY:
            return post(href, (transaction.recovery_factor or "").lower())
        case Operation.RESEND | Operation.RESEND_ACTIVATION if kind is not None:
            return [post(href, VIEWS[kind.key].resend)]
        case Operation.VERIFY | Operation.ACTIVATE if kind is not None and kind.polls:
            return post(href, link.name if transaction.answer in OVER else "poll")
        case _:
            return post(href, link.name)

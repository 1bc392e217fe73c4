"""ION, as the Identity Engine writes it: forms, fields, actions, messages (facts/identity B)."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from mock_okta.model.interactions import Shown

__all__ = [
    "MEDIA_TYPE",
    "Ion",
    "array",
    "choice",
    "field",
    "form",
    "message",
    "messages",
    "nested",
    "obj",
    "option",
]

Ion: TypeAlias = dict[str, Any]

MEDIA_TYPE = "application/ion+json; okta-version=1.0.0"
_ACCEPTS = "application/json; okta-version=1.0.0"


def obj(value: Ion) -> Ion:
    """Return an object of the document; one without a value breaks the page in every release."""
    return {"type": "object", "value": value}


def array(values: Sequence[Any]) -> Ion:
    """Return a list of the document."""
    return {"type": "array", "value": list(values)}


def field(name: str, **members: Any) -> Ion:
    """Return a field; what is None is left out."""
    return {"name": name, **{key: value for key, value in members.items() if value is not None}}


def nested(name: str, fields: Iterable[Ion], **members: Any) -> Ion:
    """Return a field that is a form of its own."""
    return {"name": name, "type": "object", "form": {"value": list(fields)}, **members}


def option(label: str, fields: Iterable[Ion], relates_to: str | None = None) -> Ion:
    """Return one of several forms to choose from."""
    related = {} if relates_to is None else {"relatesTo": relates_to}
    return {"label": label, "value": {"form": {"value": list(fields)}}, **related}


def choice(name: str, options: Iterable[Ion]) -> Ion:
    """Return a field that is one of several forms."""
    return {"name": name, "type": "object", "options": list(options)}


def form(
    name: str,
    href: str,
    state_handle: str,
    fields: Iterable[Ion] = (),
    *,
    relates_to: str | None = None,
    **members: Any,
) -> Ion:
    """Return a remediation, or an action if it has no fields; the state handle is always posted."""
    related = {} if relates_to is None else {"relatesTo": [relates_to]}
    handle = field("stateHandle", required=True, value=state_handle, visible=False, mutable=False)
    return {
        "rel": ["create-form"],
        "name": name,
        **related,
        "href": href,
        "method": "POST",
        "produces": MEDIA_TYPE,
        **members,
        "value": [*fields, handle],
        "accepts": _ACCEPTS,
    }


def message(shown: Shown) -> Ion:
    """Return a message; its key decides what the widget says, its text what others do."""
    return {
        "message": shown.text,
        "i18n": {"key": shown.key, "params": list(shown.params)},
        "class": shown.kind,
    }


def messages(shown: Iterable[Shown]) -> Ion:
    """Return messages as the document or a field has them."""
    return array([message(each) for each in shown])

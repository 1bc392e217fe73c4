"""How an org differs from a snapshot of it; no I/O."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mock_okta.model.insight import Change, RecordChange
from mock_okta.storage import Key, StoredRecords

__all__ = ["differences"]

_UNSAID = frozenset({"signing_keys", "secrets", "applied_seeds", "snapshots", "request_counts"})


def differences(before: StoredRecords, after: StoredRecords) -> tuple[RecordChange, ...]:
    """Return each record that was added, removed or changed."""
    names = [name for name in dict.fromkeys((*before, *after)) if name not in _UNSAID]
    return tuple(
        change
        for name in names
        for change in _of_collection(name, before.get(name, {}), after.get(name, {}))
    )


def _of_collection(name: str, before: Any, after: Any) -> Iterator[RecordChange]:
    for key in dict.fromkeys((*before, *after)):
        was, now = _fields(before.get(key)), _fields(after.get(key))
        if was != now:
            changed = {
                field: (was.get(field), now.get(field))
                for field in dict.fromkeys((*was, *now))
                if was.get(field) != now.get(field)
            }
            yield RecordChange(
                collection=name,
                key=_text(key),
                change=_change(was_there=key in before, is_there=key in after),
                fields=changed,
            )


def _change(*, was_there: bool, is_there: bool) -> Change:
    if not was_there:
        return "added"
    return "changed" if is_there else "removed"


def _fields(record: object) -> dict[str, Any]:
    fields: dict[str, Any] = (
        {} if record is None else msgspec.to_builtins(record, order="deterministic")
    )
    return fields


def _text(key: Key) -> str:
    return key if isinstance(key, str) else " ".join(key)

"""The backend in memory keeps what storage promises."""

from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from mock_okta import Clock
from mock_okta.storage import COLLECTIONS, LOGS, Storage, StorageError, in_memory
from mock_okta.storage.encoding import decoded, encoded
from tests.storage.conformance import StorageConformance
from tests.storage.conforming import of


class TestMemory(StorageConformance):
    @pytest.fixture
    def storage(self, clock: Clock) -> Storage:
        return in_memory(clock)


def test_the_table_and_the_attributes_say_the_same() -> None:
    hints = {name: hint for name, hint in get_type_hints(Storage).items() if get_args(hint)}
    assert {name: get_args(hint) for name, hint in hints.items()} == {
        name: (kept.record,) for name, kept in (*COLLECTIONS.items(), *LOGS.items())
    }


def test_every_index_is_an_attribute_of_the_record() -> None:
    indexes = [(kept.record, index) for kept in COLLECTIONS.values() for index in kept.indexes]
    assert [index for record, index in indexes if not hasattr(record, index)] == []


@pytest.mark.parametrize(
    "record", [kept.record for kept in (*COLLECTIONS.values(), *LOGS.values())]
)
def test_a_record_can_be_encoded(record: type[Any]) -> None:
    """A backend needs no codec but msgspec's."""
    msgspec.msgpack.Decoder(record)
    msgspec.json.Decoder(record)


def test_a_collection_that_only_an_earlier_version_had_is_left_out_of_a_snapshot() -> None:
    records = {"logins": {"a": of("00u1")}, "of_an_earlier_version": {"a": of("00u1")}}
    assert decoded(encoded(records)) == {"logins": {"a": of("00u1")}}


def test_a_snapshot_that_this_version_cannot_read_is_reported_in_one_line() -> None:
    with pytest.raises(StorageError, match="a snapshot of another version") as refusal:
        decoded(encoded({"users": {"a": of("00u1")}}))
    assert "\n" not in str(refusal.value)

"""The backend in memory keeps what storage promises."""

from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from mock_okta import Clock
from mock_okta.storage import COLLECTIONS, LOGS, Storage, in_memory
from tests.storage.conformance import StorageConformance


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

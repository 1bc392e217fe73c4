"""What every storage backend promises, as one suite; a backend's file only makes the storage."""

from tests.storage.conforming_collections import CollectionsConform
from tests.storage.conforming_in_time import InTimeConform
from tests.storage.conforming_records import RecordsConform


class StorageConformance(RecordsConform, CollectionsConform, InTimeConform):
    """Inherit it, and add a fixture `storage` that is empty and uses the fixture `clock`."""

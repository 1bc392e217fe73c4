"""Stored records of earlier versions are read, or refused in one line."""

import hashlib
import re
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from mock_okta import Clock, Config, KeyPool, MockOkta, StartError
from mock_okta.storage import COLLECTIONS, LOGS, opened, place_of
from mock_okta.storage.rows import LAYOUT
from tests.storage.sampling import SAMPLES, brought_back, layout_of
from tests.visiting import SEED, Visitor

HASHES = {1: "37028a57b21c4026"}
"""A hash of all records for each layout; those of layouts that are over stay."""
WHAT_TO_DO = """a stored record has another layout than before.
If this version still reads what the version before stored (a field is new and has a default), write
the hash {found!r} for layout {layout} here. If not, raise LAYOUT in mock_okta/storage/rows.py, add
that number with the hash here, and run `python -m tests.storage.sampling` for a sample."""


def layout_hash() -> str:
    """Return what changes with any field or type of a stored record; not with docstrings."""
    kept = {**COLLECTIONS, **LOGS}
    schemas, parts = msgspec.json.schema_components([each.record for each in kept.values()])
    seen = [list(kept), _bare(schemas), _bare(parts)]
    encoded = msgspec.json.encode(seen, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()[:16]


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        words = ("description", "title")
        return {n: _bare(v) for n, v in schema.items() if n not in words or not isinstance(v, str)}
    return [_bare(each) for each in schema] if isinstance(schema, (list, tuple)) else schema


@pytest.mark.skipif(
    tuple(map(int, msgspec.__version__.split(".")[:2])) < (0, 22),
    reason="an older msgspec describes records in other words",
)
def test_records_that_change_get_another_layout() -> None:
    found = layout_hash()
    assert HASHES.get(LAYOUT) == found, WHAT_TO_DO.format(found=found, layout=LAYOUT)


def test_each_layout_has_a_sample() -> None:
    assert {layout_of(each) for each in SAMPLES.iterdir()} == set(HASHES) == {*range(1, LAYOUT + 1)}


@pytest.mark.parametrize("layout", HASHES)
async def test_a_sample_is_read_whole_or_refused_in_one_line(
    layout: int, tmp_path: Path, shared_pool: KeyPool
) -> None:
    path = tmp_path / "org.sqlite"
    brought_back(SAMPLES / f"layout-{layout}.sql", path)
    config = Config(seed=SEED, engine="identity", storage=f"sqlite:{path}")
    if layout != LAYOUT:
        with pytest.raises(StartError, match=re.compile(rf"^.*layout {layout}, here {LAYOUT}.*$")):
            await MockOkta(config, key_pool=shared_pool).__aenter__()
        return
    async with opened(place_of(f"sqlite:{path}"), Clock()) as storage:
        records = await storage.records()
        assert len([name for name, kept in records.items() if kept]) > 24
        assert await storage.recorded_requests.values()
        assert await storage.snapshots.values()
        (refresh_token, *_) = records["refresh_tokens"]
    async with (
        MockOkta(config, key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        visitor = Visitor(org, http)
        assert (await visitor.introspect(str(refresh_token)))["active"] is True
        assert (await visitor.ask("POST", "/_mock/snapshots/first/restore")).status == 204
        assert (await visitor.refresh(str(refresh_token))).status == 200

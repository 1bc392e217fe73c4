"""Writes a sample of what this version stores: `python -m tests.storage.sampling`.

A later version has to read the sample, or to refuse it in one line. The org's clock stands still in
it, so that nothing in it expires. Private keys are left out.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from mock_okta import Config, MockOkta
from mock_okta.storage.rows import LAYOUT
from tests.idx.enrolling import Enrolling
from tests.oauth.devices import start
from tests.process.replicas import whole_seed
from tests.visiting import CALLBACK, OTHER_LOGIN, SECRET, WEB, Visitor

__all__ = ["SAMPLES", "brought_back", "layout_of"]

SAMPLES = Path(__file__).with_name("samples")
_LEFT_OUT = ("signing_keys", "secrets")
_NOW = {"now": "2030-01-01T00:00:00Z", "frozen": True}
_FACTORS = (
    {"factor": "okta_email"},
    {"factor": "okta_push"},
    {"factor": "okta_sms", "phone_number": "+14155556688"},
    {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"},
)


def layout_of(sample: Path) -> int:
    """Return the number in the name of a sample."""
    return int(sample.stem.rpartition("-")[2])


def brought_back(sample: Path, path: Path) -> None:
    """Make a storage of a sample."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sample.read_text())


def _write(sample: Path) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "org.sqlite"
        asyncio.run(_live(f"sqlite:{path}"))
        with closing(sqlite3.connect(path)) as database:
            sample.write_text("\n".join(_dumped(database)) + "\n")


def _dumped(database: sqlite3.Connection) -> Iterator[str]:
    yield "PRAGMA journal_mode = WAL;"
    for name in ("application_id", "user_version"):
        (value,) = database.execute(f"PRAGMA {name}").fetchone()
        yield f"PRAGMA {name} = {value};"
    for line in database.iterdump():
        if not line.startswith(tuple(f'INSERT INTO "{name}"' for name in _LEFT_OUT)):
            yield line


async def _live(storage: str) -> None:
    """Do what leaves records of most kinds."""
    policies = ("password_policies", "enrollment_policies", "sign_on_policies")
    fault = {"kind": "status", "status": 503, "path": "/nowhere"}
    pushed = {"client_id": WEB, "client_secret": SECRET, "redirect_uri": CALLBACK}
    pushed |= {"response_type": "code", "scope": "openid", "state": "pushed"}
    async with (
        MockOkta(Config(seed=whole_seed(), storage=storage)) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        visitor, enrolling = Visitor(org, http), Enrolling(Visitor(org, http))
        await visitor.ask("PUT", "/_mock/clock", json=_NOW)
        await visitor.ask("PUT", "/_mock/seed", json={name: [{}] for name in policies})
        await enrolling.seed(*_FACTORS, require_factor=True)
        await enrolling.start()
        await enrolling.choose("okta_verify", methodType="push")
        await enrolling.change()
        await visitor.sign_in()
        await visitor.tokens()
        await visitor.code()
        await visitor.session_token()
        await start(visitor)
        await visitor.post("par", pushed)
        await visitor.ask("POST", "/_mock/faults", json=fault)
        await visitor.ask("POST", f"/_mock/users/{OTHER_LOGIN}/lifecycle/reset_password")
        await visitor.ask("PUT", "/_mock/snapshots/first")
        await visitor.ask("DELETE", "/_mock/requests")
        await visitor.session_id()


if __name__ == "__main__":
    _write(SAMPLES / f"layout-{LAYOUT}.sql")

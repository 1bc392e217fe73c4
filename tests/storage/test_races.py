"""What is atomic in one process is atomic between several."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from mock_okta import Clock
from mock_okta.storage import opened, place_of
from tests.storage.conforming import of

pytestmark = pytest.mark.process
PROCESSES, CALLERS, KEYS = 4, 16, 20
SCRIPT = Path(__file__).with_name("racing.py")


async def test_of_64_callers_in_four_processes_each_change_counts_once(shared: str) -> None:
    async with opened(place_of(shared), Clock()) as storage:
        await storage.logins.put("updated", of(""))
        for number in range(KEYS):
            await storage.logins.put(f"there {number}", of("00u"))
        racers = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                SCRIPT,
                shared,
                str(CALLERS),
                stdin=PIPE,
                stdout=PIPE,
                env=os.environ,
            )
            for _ in range(PROCESSES)
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert await racer.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(racer.communicate(b"go\n") for racer in racers))
        results = [json.loads(out) for out, _ in said]
        each = PROCESSES * CALLERS * KEYS
        assert sum(result["added"] for result in results) == KEYS
        assert sum(result["taken"] for result in results) == KEYS
        assert await storage.logins.get("updated") == of(each * "x")
        assert await storage.logins.get("upserted") == of(each * "x")

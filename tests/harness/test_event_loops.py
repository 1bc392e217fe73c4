"""Hiding the running event loop: only for as long as the block lasts."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from mock_okta_harness.plugin.event_loops import is_a_coroutine_test, no_running_loop


async def test_a_block_without_a_running_loop_can_run_one_of_its_own() -> None:
    loop = asyncio.get_running_loop()

    async def answer() -> int:
        return 42

    with no_running_loop():
        assert asyncio.run(answer()) == 42
    assert asyncio.get_running_loop() is loop


async def test_the_loop_is_back_after_a_failure_in_the_block() -> None:
    loop = asyncio.get_running_loop()
    with pytest.raises(ZeroDivisionError), no_running_loop():
        _ = 1 / 0
    assert asyncio.get_running_loop() is loop


def test_a_loop_that_ended_in_the_block_does_not_come_back() -> None:
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    with no_running_loop():
        loop.close()
    assert asyncio._get_running_loop() is None


async def _a_coroutine_function() -> None: ...


@pytest.mark.parametrize(
    ("function", "expected"), [(_a_coroutine_function, True), (lambda: None, False), (None, False)]
)
def test_coroutine_tests_are_reported_from_others(function: object, *, expected: bool) -> None:
    assert is_a_coroutine_test(cast("pytest.Item", SimpleNamespace(obj=function))) is expected

"""What `/_mock` is asked and answers is defined once, and costs a client little to import."""

import re
import subprocess
import sys

import pytest

from mock_okta.control import recorded_requests, schema
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path
from mock_okta.model import insight, minting
from tests.visiting import Visitor

HEAVY = {"aiohttp", "asyncio", "cryptography", "jwt", "yaml", "pytest", "playwright"}


@pytest.mark.process
@pytest.mark.parametrize(
    "module",
    [
        "mock_okta.control.recorded_requests",
        "mock_okta_harness.control",
        "mock_okta_harness.faults",
    ],
)
def test_a_client_of_the_control_api_imports_no_server(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    loaded = set(said.split())
    assert loaded & HEAVY == set()
    server = ("mock_okta.services", "mock_okta.web", "mock_okta.storage")
    assert [name for name in loaded if name.startswith(server)] == []


async def test_every_path_is_served_and_no_other(visitor: Visitor) -> None:
    document = (await visitor.ask("GET", Path.OPENAPI)).json()
    served = {re.sub(r"(/lifecycle/)\w+", r"\1{verb}", path) for path in document["paths"]}
    assert served == {re.sub(r":[^{}]+", "", path) for path in Path}


async def test_every_answer_is_a_struct_that_the_harness_knows(visitor: Visitor) -> None:
    document = (await visitor.ask("GET", Path.OPENAPI)).json()
    answers = {
        content["schema"]["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for content in operation["responses"].get("200", {}).get("content", {}).values()
        if content["schema"]
    }
    assert len(answers) > 10
    assert answers <= {
        *schema.__all__,
        *recorded_requests.__all__,
        *minting.__all__,
        *insight.__all__,
        "DecodedToken",
        "Seed",
    }


async def test_an_instant_is_written_in_milliseconds(visitor: Visitor) -> None:
    now = {"now": "2031-01-01T12:00:00.123456Z", "frozen": True}
    answer = await visitor.ask("PUT", "/_mock/clock", json=now)
    assert answer.json() == {"now": "2031-01-01T12:00:00.123Z", "frozen": True}


@pytest.mark.parametrize(
    ("pattern", "given", "path"),
    [
        (Path.CLOCK, {}, "/_mock/clock"),
        (Path.SESSIONS, {"user": None}, "/_mock/sessions"),
        (Path.SESSIONS, {"user": "a+b@x"}, "/_mock/sessions?user=a%2Bb%40x"),
        (Path.SNAPSHOT, {"name": "a/b ?"}, "/_mock/snapshots/a%2Fb%20%3F"),
        (
            Path.TRUSTED_ORIGIN,
            {"origin": "https://a"},
            "/_mock/trusted_origins/https%3A%2F%2Fa",
        ),
        (Path.LIFECYCLE, {"user": "a", "verb": "x"}, "/_mock/users/a/lifecycle/x"),
    ],
)
def test_a_path_is_filled_and_the_rest_is_the_query(
    pattern: Path, given: dict[str, object], path: str
) -> None:
    assert path_of(pattern, **given) == path

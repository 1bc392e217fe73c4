"""The reference has all that can be used, and says what it is; its examples work."""

import dataclasses
import re
import shlex
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from docs._reference.code import configuration, fixtures, page_objects
from docs._reference.control import FILLED, control_api, example, openapi
from docs._reference.seed import EXAMPLES
from mock_okta import Config, KeyPool
from mock_okta.control.key_descriptions import DESCRIPTIONS as OF_CONTROL
from mock_okta.control.key_descriptions import PLACES
from mock_okta.model.seed import Seed, parse_seed
from mock_okta.model.seed.key_descriptions import DESCRIPTIONS
from mock_okta.model.seed.schema import seed_schema
from mock_okta_harness import pages
from mock_okta_harness.running import RunningOrg, org_in_a_thread

DEFINITIONS: dict[str, Any] = seed_schema()["$defs"]
KEYS = {
    f"{name}.{key}": value["description"]
    for name, definition in DEFINITIONS.items()
    for key, value in definition.get("properties", {}).items()
}
LONGEST = 200
ROOT = Path(__file__).parents[2]


def test_every_key_of_a_seed_has_a_description_of_one_line() -> None:
    assert [key for key, said in KEYS.items() if not said.endswith((".", "…`."))] == []
    assert [key for key, said in KEYS.items() if len(said) > LONGEST] == []


def test_every_description_is_about_a_key_that_exists() -> None:
    known = {*KEYS, *(key.partition(".")[2] for key in KEYS)}
    assert set(DESCRIPTIONS) <= known


def test_every_key_at_the_top_has_an_example_that_shows_it() -> None:
    assert set(EXAMPLES) == set(Seed.__struct_fields__)
    assert [key for key, text in EXAMPLES.items() if key not in yaml.safe_load(text)] == []


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_org_starts_with_the_example(key: str, okta_key_pool: KeyPool) -> None:
    seed = parse_seed(yaml.safe_load(EXAMPLES[key]))
    with org_in_a_thread(Config(seed=seed), okta_key_pool) as org:
        assert key in org.control.export()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi()


@pytest.fixture(scope="module")
def org(okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    with org_in_a_thread(Config(), okta_key_pool) as org:
        org.control.keys()  # waits for them: only then the org is ready
        yield org


def calls(document: dict[str, Any]) -> list[str]:
    return [f"{method.upper()} {path}" for path, way in document["paths"].items() for method in way]


def test_every_key_of_the_control_api_has_a_description_of_one_line(
    document: dict[str, Any],
) -> None:
    said = {**keys_of_types(document), **parameters(document)}
    assert [key for key, text in said.items() if not text.endswith((".", "…`."))] == []
    assert [key for key, text in said.items() if len(text) > LONGEST] == []


def test_every_description_of_the_control_api_is_about_a_key_that_exists(
    document: dict[str, Any],
) -> None:
    queries = {each.partition("?")[2] for each in parameters(document) if "?" in each}
    known = keys_of_types(document).keys() - KEYS.keys()
    names = {key.partition(".")[2] for key in known} | queries
    of_queries = ("ExportFormat", "OfUser", "OfUserAndClient", "WantedRequests")
    known |= {f"{name}.{key}" for name in of_queries for key in queries}
    assert OF_CONTROL.keys() - known - names == set()
    assert {each.rpartition("{")[2] for each in parameters(document) if "?" not in each} == set(
        PLACES
    )


def test_the_page_of_the_control_api_explains_each_parameter_of_a_query(
    document: dict[str, Any],
) -> None:
    page = control_api()
    of_queries = {key: text for key, text in parameters(document).items() if "?" in key}
    assert len(of_queries) > 10
    for key, text in of_queries.items():
        assert f"| `{key.partition('?')[2]}` | {text} |" in page


def keys_of_types(document: dict[str, Any]) -> dict[str, str]:
    """Return the description of each key of each type."""
    return {
        f"{name}.{key}": value.get("description", "")
        for name, schema in document["components"]["schemas"].items()
        for key, value in schema.get("properties", {}).items()
    }


def parameters(document: dict[str, Any]) -> dict[str, str]:
    """Return the description of each parameter, by call, and `?` or `{` for query or path."""
    marks = {"query": "?", "path": "{"}
    return {
        f"{call}{marks[each['in']]}{each['name']}": each.get("description", "")
        for call in calls(document)
        for method, path in [call.split(" ")]
        for each in document["paths"][path][method.lower()].get("parameters", ())
    }


def test_every_body_and_query_of_an_example_is_of_a_call(document: dict[str, Any]) -> None:
    assert {*FILLED["queries"], *FILLED["bodies"]} <= set(calls(document))
    with_a_body = [
        call
        for call in calls(document)
        for method, path in [call.split(" ")]
        if "requestBody" in document["paths"][path][method.lower()]
    ]
    optional = {"POST /_mock/users/{user}/lifecycle/activate"}
    assert set(with_a_body) - optional == set(FILLED["bodies"])


def test_an_org_does_what_the_examples_ask(document: dict[str, Any], org: RunningOrg) -> None:
    """A user's status may forbid a change (403). Left out is what needs an id of an answer."""
    told = {}
    for call in calls(document):
        line = example(call)
        if "$ID" not in line:
            org.control.reset()
            for text in EXAMPLES.values():
                org.control.seed(yaml.safe_load(text))
            org.control.take_snapshot("before")
            told[line] = status_of(line.replace("$MOCK_OKTA_URL", org.url))
    allowed = {line: {200, 201, 204, *({403} if "/lifecycle/" in line else ())} for line in told}
    assert {line: told[line] for line in told if told[line] not in allowed[line]} == {}


def status_of(line: str) -> int:
    """Return the status that a line of curl would get."""
    words = shlex.split(line)
    (url,) = (word for word in words if re.match("https?:", word))
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = words[words.index("-d") + 1].encode() if "-d" in words else None
    headers = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 -- our own org
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 -- our own org
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(
    pytest.version_tuple < (8, 4), reason="the page is made with pytest 8.4 or newer"
)
def test_every_fixture_marker_and_setting_of_the_plugin_is_in_the_reference() -> None:
    page = fixtures()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = (line for line in readme.splitlines() if re.match(r"\| `(okta_|signed_in)", line))
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert {"okta_org", "signed_in_page", "okta_proxy", "okta_client"} <= named
    assert {name for name in named if f"\n| `{name}` | " not in page} == set()
    for name in ("okta_seed(*parts)", "okta_fault(", "okta_clock(at", "okta_scope", "okta_engine"):
        assert f"| `{name}" in page


@pytest.mark.parametrize("package", [pages, pages.identity])
def test_every_page_object_is_in_the_reference(package: ModuleType) -> None:
    page = page_objects()
    classes = [name for name in package.__all__ if isinstance(getattr(package, name), type)]
    ours = [name for name in classes if not issubclass(getattr(package, name), Exception)]
    assert len(ours) > 10
    assert [name for name in ours if f"\n### {name}\n" not in page] == []


def test_every_field_of_the_configuration_is_explained() -> None:
    rows = [line for line in configuration().splitlines() if line.startswith("| `")]
    assert len(rows) == len(dataclasses.fields(Config))
    assert [row for row in rows if len(row.rsplit(" | ", 1)[1]) < 12] == []

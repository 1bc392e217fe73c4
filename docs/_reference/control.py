"""The page about `/_mock`, made from the OpenAPI document that an org serves, with examples."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml

from docs._reference.seed import default_of, type_of
from mock_okta import Config, MockOkta
from mock_okta.model.seed.schema import seed_schema

FILLED: Mapping[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "control_examples.yaml").read_text(encoding="utf-8")
)
PARTS = {
    "seed": "Describe the org",
    "reset": "Begin again",
    "users": "Users",
    "sessions": "Sessions",
    "outbox": "Messages",
    "push": "Push requests",
    "clock": "Time",
    "tokens": "Tokens",
    "requests": "Recorded requests",
    "faults": "Faults",
    "keys": "Signing keys",
    "refresh_families": "Refresh tokens",
    "snapshots": "Snapshots",
    "org": "What the org is and does",
    "events": "What the org is and does",
    "about": "What the org is and does",
    "health": "What the org is and does",
    "ready": "What the org is and does",
    "openapi.json": "What the org is and does",
}
"""Where the calls of a tag are on the page, in the order in which tests need them."""

_REMOVAL = "Remove one thing"

_INTRODUCTION = """\
# Control API

The API for tests, at `/_mock` of every org. `GET /_mock/openapi.json` is this page for machines.
The pytest plugin's `okta_control` has a typed method for each call. Bodies are JSON. If the org has
a control token, send it as `Authorization: Bearer …`. In the examples, `MOCK_OKTA_URL` is the org's
URL, as `mock-okta run` sets it, and `ID` is an id from an earlier answer.
"""


def control_api() -> str:
    """Return the page."""
    document = openapi()
    schemas = document["components"]["schemas"]
    lines = [_INTRODUCTION]
    for part, calls in _calls_by_part(document).items():
        lines += ["", f"## {part}", ""]
        lines += [
            "| request | what it does | query or body | answer |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_row(call, operation) for call, operation in calls]
        lines += _queries(operation for _, operation in calls)
        lines += ["", "```sh", *(example(call) for call, _ in calls), "```"]
    of_seeds = seed_schema()["$defs"]
    lines += ["", "## Types"]
    for name in sorted(set(schemas) - set(of_seeds)):
        lines += _table(name, schemas[name])
    return _with_seed_links("\n".join(lines), of_seeds)


def openapi() -> dict[str, Any]:
    """Return the document that an org serves."""
    with MockOkta(Config()) as org, urlopen(f"{org.url}/_mock/openapi.json") as answer:  # noqa: S310 -- our own org
        document: dict[str, Any] = json.load(answer)
    return document


def example(call: str) -> str:
    """Return the call of a method and path, such as `GET /_mock/org`, as a command."""
    method, _, path = call.partition(" ")
    filled = re.sub(r"\{(\w+)\}", lambda place: _value(place[1], path), path)
    query, body = FILLED["queries"].get(call), FILLED["bodies"].get(call)
    words = ["curl"] if method == "GET" else ["curl", "-X", method]
    words.append(f'"$MOCK_OKTA_URL{filled}{f"?{query}" if query else ""}"')
    if body:
        words += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " ".join(words)


def _value(place: str, path: str) -> str:
    kind = path.split("/")[2]
    named = FILLED["names"].get(kind) if place in {"name", "id"} else None
    return str(named or FILLED["places"][place])


def _calls_by_part(document: dict[str, Any]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {part: [] for part in PARTS.values()}
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            part = PARTS.get(operation["tags"][0], _REMOVAL)
            found.setdefault(part, []).append((f"{method.upper()} {path}", operation))
    return found


def _row(call: str, operation: dict[str, Any]) -> str:
    given = [
        f"`?{each['name']}=`" for each in operation.get("parameters", ()) if each["in"] == "query"
    ]
    if "requestBody" in operation:
        given.append(type_of(operation["requestBody"]["content"]["application/json"]["schema"]))
    content = operation["responses"].get("200", {}).get("content", {})
    answer = type_of(content["application/json"]["schema"]) if "application/json" in content else ""
    return f"| `{call}` | {operation['summary']} | {', '.join(given)} | {answer} |"


def _queries(operations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the table of the parameters that a query may have; the same ones are in it once."""
    said = {
        f"| `{each['name']}` | {each['description']} |": None
        for operation in operations
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    }
    if said:
        yield from ("", "| in the query | what it is |", "| --- | --- |", *said)


def _table(name: str, schema: dict[str, Any]) -> Iterator[str]:
    said = " ".join(schema.get("description", "").split())
    yield from ("", f"### {name}", "", said)
    if "enum" in schema:
        yield from ("", f"One of {type_of(schema)}.")
    if schema.get("properties"):
        yield from ("", "| key | what it is | type | default |", "| --- | --- | --- | --- |")
    required = schema.get("required", ())
    for key, value in schema.get("properties", {}).items():
        default = "required" if key in required else default_of(value)
        yield f"| `{key}` | {value['description']} | {type_of(value)} | {default} |"


def _with_seed_links(text: str, of_seeds: Mapping[str, Any]) -> str:
    """Let links to types of the seed lead to its page."""
    for name in of_seeds:
        place = "" if name == "Seed" else f"#{name.lower()}"
        text = text.replace(f"](#{name.lower()})", f"](seed.md{place})")
    return text

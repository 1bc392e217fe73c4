"""The page of the seed document, made from the JSON schema that editors use, with examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mock_okta.cli.seed_schema import seed_schema as schema_of_seeds

EXAMPLES: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "seed_examples.yaml").read_text(encoding="utf-8")
)
"""An example for each key at the top of a seed, in the order of the page."""

_NAMES = {
    "string": "text",
    "integer": "whole number",
    "boolean": "`true`, `false`",
    "object": "mapping",
    "null": "`null`",
}


def seed_schema() -> str:
    """Return the JSON schema of seeds."""
    return msgspec.json.format(msgspec.json.encode(schema_of_seeds())).decode()


def seed() -> str:
    """Return the page: each top key of a seed with an example, and the types it leads to."""
    definitions = schema_of_seeds()["$defs"]
    keys = definitions["Seed"]["properties"]
    lines = [
        "# Seed document",
        "",
        "YAML, TOML, JSON and Python have the same keys: `users:` in a file is `Seed(users=…)`.",
        "Unknown keys are refused. The error for a mistake names its path. What a seed leaves out",
        "stays as in the default org; an empty list means none. `mock-okta init` writes a seed to",
        "begin with, and [the schema](seed.schema.json) lets an editor complete and check keys.",
        "",
        "| key | what it is |",
        "| --- | --- |",
        *(f"| [`{key}`](#{key}) | {keys[key]['description']} |" for key in EXAMPLES),
    ]
    shown: set[str] = set()
    for key, example in EXAMPLES.items():
        lines += ["", f"## {key}", "", keys[key]["description"], ""]
        lines += [f"Type: {type_of(keys[key])}", "", "```yaml", example.rstrip(), "```"]
        for name in _types_below(keys[key], definitions):
            if name not in shown:
                shown.add(name)
                lines += _table(name, definitions[name])
    return "\n".join(lines)


def _table(name: str, definition: dict[str, Any]) -> Iterator[str]:
    """Yield the lines about a type: what its keys are."""
    yield from ("", f"### {name}", "", definition["description"], "")
    yield from ("| key | type | default | what it is |", "| --- | --- | --- | --- |")
    required = definition.get("required", ())
    for key, value in definition["properties"].items():
        default = "required" if key in required else default_of(value)
        yield f"| `{key}` | {type_of(value)} | {default} | {value['description']} |"


def default_of(value: dict[str, Any]) -> str:
    match value.get("default"):
        case None | "" | [] | {}:
            return ""
        case dict():
            return "its defaults"
        case list(items) if isinstance(items[0], dict):
            return "its defaults"
        case default:
            return f"`{json.dumps(default)}`"


def type_of(value: dict[str, Any]) -> str:
    """Return the type in the words of somebody who writes YAML, with links."""
    match value:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"anyOf": list(choices)}:
            return " or ".join(type_of(each) for each in choices if each.get("type") != "null")
        case {"enum": list(words)}:
            return ", ".join(f"`{word}`" for word in words if word is not None)
        case {"type": "array", "items": dict(inner)}:
            return f"list of {type_of(inner)}"
        case {"type": str(kind)}:
            return _NAMES.get(kind, kind)
        case _:
            return "anything"


def _types_below(value: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the types that a value leads to, from the outermost in."""
    match value:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            yield name
            for inner in definitions[name].get("properties", {}).values():
                yield from _types_below(inner, definitions)
        case {"anyOf": list(choices)}:
            for each in choices:
                yield from _types_below(each, definitions)
        case {"items": dict(inner)}:
            yield from _types_below(inner, definitions)

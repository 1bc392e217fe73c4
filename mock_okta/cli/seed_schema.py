"""The JSON schema of a seed document, with a description for each key.

A description comes from the table for this key, or from the docstring of its type (`key`: …), or
from the table for keys of this name in any type, or it is that of the type that the key holds.
"""

import inspect
import re
from typing import Any

import msgspec

from mock_okta.cli.key_descriptions import DESCRIPTIONS
from mock_okta.model.seed import Seed

__all__ = ["seed_schema"]

# "`a`, `b`: what they are." up to the next key that is described so.
_KEYS = r"`\w+`(?:(?:, (?:and )?| and )`\w+`)*:\s"
_SAID = re.compile(rf"({_KEYS})(.*?)(?=(?:[.;]\s+)?{_KEYS}|\n\n|\Z)", re.DOTALL)


def seed_schema() -> dict[str, Any]:
    """Return the schema, made from the types that read seeds."""
    schema: dict[str, Any] = msgspec.json.schema(Seed)
    definitions: dict[str, Any] = schema["$defs"]
    for name, definition in definitions.items():
        said = inspect.cleandoc(definition.get("description", ""))
        definition["description"] = " ".join(said.split("\n\n", maxsplit=1)[0].split())
        described = _described_in(said)
        for key, value in definition.get("properties", {}).items():
            own = DESCRIPTIONS.get(f"{name}.{key}") or described.get(key)
            text = own or DESCRIPTIONS.get(key)
            value["description"] = text or _of_its_type(value, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A seed of mock_okta",
        **schema,
    }


def _described_in(docstring: str) -> dict[str, str]:
    """Return what a docstring says of each key that it describes."""
    found: dict[str, str] = {}
    for keys, text in _SAID.findall(docstring):
        said = " ".join(text.split()).rstrip(";. ")
        found |= dict.fromkeys(re.findall(r"\w+", keys.replace(" and ", " ")), f"{said}.")
    return {key: f"{text[:1].upper()}{text[1:]}" for key, text in found.items()}


def _of_its_type(value: Any, definitions: dict[str, Any]) -> str:
    """Return the first sentence about the type that a key leads to; empty if there is none."""
    match value:
        case {"$ref": str(reference)}:
            said = definitions[reference.rpartition("/")[2]].get("description", "")
            return " ".join(said.split("\n\n", maxsplit=1)[0].split())
        case {"items": inner}:
            return _of_its_type(inner, definitions)
        case {"anyOf": list(choices)}:
            return next(filter(None, (_of_its_type(each, definitions) for each in choices)), "")
        case _:
            return ""

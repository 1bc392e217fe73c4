"""Puts a description beside each key of the types in a JSON schema.

A description comes from a table by `Type.key`, or from the docstring of the type (`key`: …), or
from the table by `key` for any type, or it is that of the type that the key holds.
"""

import inspect
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["describe_keys"]

# "`a`, `b`: what they are." up to the next key that is described so.
_KEYS = r"`\w+`(?:(?:, (?:and )?| and )`\w+`)*:\s"
_SAID = re.compile(rf"({_KEYS})(.*?)(?=(?:[.;]\s+)?{_KEYS}|\n\n|\Z)", re.DOTALL)


def describe_keys(definitions: Mapping[str, Any], table: Mapping[str, str]) -> None:
    """Describe the keys of all types, and let their own descriptions be their first paragraphs."""
    for name, definition in definitions.items():
        said = inspect.cleandoc(definition.get("description", ""))
        definition["description"] = " ".join(said.split("\n\n", maxsplit=1)[0].split())
        described = _described_in(said)
        for key, value in definition.get("properties", {}).items():
            own = table.get(f"{name}.{key}") or described.get(key)
            value["description"] = own or table.get(key) or _of_its_type(value, definitions)


def _described_in(docstring: str) -> dict[str, str]:
    """Return what a docstring says of each key that it describes."""
    found: dict[str, str] = {}
    for keys, text in _SAID.findall(docstring):
        said = " ".join(text.split()).rstrip(";. ")
        found |= dict.fromkeys(re.findall(r"\w+", keys.replace(" and ", " ")), f"{said}.")
    return {key: f"{text[:1].upper()}{text[1:]}" for key, text in found.items()}


def _of_its_type(value: Any, definitions: Mapping[str, Any]) -> str:
    """Return the first sentence about the type that a key leads to; empty if there is none."""
    match value:
        case {"$ref": str(reference)}:
            said = definitions.get(reference.rpartition("/")[2], {}).get("description", "")
            return " ".join(said.split("\n\n", maxsplit=1)[0].split())
        case {"items": inner}:
            return _of_its_type(inner, definitions)
        case {"anyOf": list(choices)}:
            return next(filter(None, (_of_its_type(each, definitions) for each in choices)), "")
        case _:
            return ""

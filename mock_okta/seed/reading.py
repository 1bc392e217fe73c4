"""Reading seed documents: YAML, TOML, JSON, or what a parser made of them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from mock_okta.seed.types import Seed

__all__ = ["SeedError", "parse_seed", "read_seed"]


class SeedError(ValueError):
    """The seed is wrong; the message gives the path in it and what was expected."""


def parse_seed(document: object) -> Seed:
    """Turn a parsed document into a seed; raise SeedError with the path of a mistake."""
    try:
        plain = msgspec.to_builtins({} if document is None else document)  # dates become strings
        return msgspec.convert(plain, Seed)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        if message.startswith("Invalid enum value"):
            message += _allowed_values(path)
        where = (
            path.replace("`", "").replace("$.", "").removeprefix("$").replace("$", "the document")
        )
        raise SeedError(f"{where}: {message}" if where else message) from error
    except RecursionError as error:
        raise SeedError("is nested too deeply") from error


def _allowed_values(path: str) -> str:
    """Return `, expected one of …` for the place that msgspec names (`$.clients[0].type`)."""
    place: Any = msgspec.inspect.type_info(Seed)
    for step in re.findall(r"\w+|\[\.{3}\]|\[\d+\]", path.strip("`$")):
        place = _written_out(place)
        if step.startswith("["):
            place = place.item_type
        else:
            place = next(each.type for each in place.fields if each.encode_name == step)
    values = getattr(_written_out(place), "values", ())
    return f", expected one of {', '.join(map(repr, values))}" if values else ""


def _written_out(place: Any) -> Any:
    """Return the fullest of what may stand there: no null, and no short form as text."""
    if isinstance(place, msgspec.inspect.UnionType):
        kinds = [t for t in place.types if not isinstance(t, msgspec.inspect.NoneType)]
        place = next((t for t in kinds if isinstance(t, msgspec.inspect.StructType)), kinds[0])
    return place


def read_seed(path: Path) -> Seed:
    """Read a seed file by its ending; raise SeedError with its name and what was expected."""
    try:
        return parse_seed(_read_document(path))
    except SeedError as error:
        raise SeedError(f"{path}: {error}") from error
    except RecursionError as error:
        raise SeedError(f"{path}: is nested too deeply") from error


def _read_document(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"cannot be read: {error}") from error
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _parse_yaml(text)
        case ".toml":
            return _parse_toml(text)
        case ".json":
            return _parse_json(text)
        case other:
            raise SeedError(f"expected a file that ends in .yaml, .toml or .json, not '{other}'")


def _parse_yaml(text: str) -> object:
    import yaml  # noqa: PLC0415 -- takes 30 ms that only a YAML file need cost

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none
        raise SeedError(f"is no YAML: {' '.join(str(error).split())}") from error


def _parse_toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"is no TOML: {error}") from error


def _parse_json(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise SeedError(f"is no JSON: {error}") from error

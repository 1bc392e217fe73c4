"""Reading seed documents: YAML, TOML, JSON, or what a parser made of them."""

import tomllib
from pathlib import Path

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
        where = (
            path.replace("`", "").replace("$.", "").removeprefix("$").replace("$", "the document")
        )
        raise SeedError(f"{where}: {message}" if where else message) from error
    except RecursionError as error:
        raise SeedError("is nested too deeply") from error


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

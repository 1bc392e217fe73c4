"""Okta's published description of OAuth: which answers fit it, and which do not, by name."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.visiting import Answer

NAME = "urn:okta:openapi"
FILE = "oauth-oneOfInheritance.yaml"


@dataclass(frozen=True)
class Exchange:
    """A request that was sent, and what came back."""

    method: str
    url: str
    answer: Answer


class Description:
    """The document, asked about exchanges."""

    def __init__(self, directory: Path) -> None:
        self._document: dict[str, Any] = yaml.load(
            (directory / FILE).read_bytes(), Loader=yaml.CSafeLoader
        )
        resource = Resource(contents=self._document, specification=DRAFT4)
        self._registry = Registry().with_resource(NAME, resource)

    def departures(self, exchange: Exchange) -> Iterator[str]:
        """Name each way in which an answer departs from its description."""
        path = self.path_of(exchange)
        operation = self._document["paths"][path][exchange.method.lower()]
        status = str(exchange.answer.status)
        name = f"{exchange.method} {path} {status}"
        if status not in operation["responses"]:
            yield f"{name}: the status is not described"
            return
        pointer = _pointer("paths", path, exchange.method.lower(), "responses", status)
        content = self._resolved(operation["responses"][status]).get("content")
        if not content:
            return
        kind = exchange.answer.headers.get("Content-Type")
        if kind not in content:
            yield f"{name}: the content type {kind} is not described"
            return
        yield from self._faults(name, pointer, kind, exchange.answer)

    def path_of(self, exchange: Exchange) -> str:
        """The described path of a request: one without parameters before one with."""
        path = urlsplit(exchange.url).path
        fitting = [
            described
            for described, operations in self._document["paths"].items()
            if exchange.method.lower() in operations and _fits(described, path)
        ]
        assert fitting, f"{exchange.method} {path} is not described"
        return min(fitting, key=lambda described: described.count("{"))

    def _faults(self, name: str, pointer: str, kind: str, answer: Answer) -> Iterator[str]:
        where = self._document_pointer(pointer) + _pointer("content", kind, "schema")
        validator = OAS30Validator({"$ref": f"{NAME}#{where}"}, registry=self._registry)
        for error in validator.iter_errors(json.loads(answer.body)):
            at = "/".join(str(part) for part in error.absolute_path)
            yield f"{name}: {at}: {error.validator}"

    def _resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in node:
            found: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def _document_pointer(self, pointer: str) -> str:
        """Where a response is described that may be a reference."""
        found: Any = self._document
        for part in pointer.removeprefix("/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found["$ref"].removeprefix("#") if "$ref" in found else pointer


def _pointer(*parts: str) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _fits(described: str, path: str) -> bool:
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(described))
    return re.fullmatch(pattern, path) is not None

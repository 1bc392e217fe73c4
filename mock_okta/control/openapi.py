"""The OpenAPI 3.1 document of `/_mock`, derived from its operations and their Structs."""

import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.control.key_descriptions import DESCRIPTIONS, PLACES
from mock_okta.control.operations import Operation
from mock_okta.model.descriptions import describe_keys
from mock_okta.model.seed import Seed
from mock_okta.model.seed.key_descriptions import DESCRIPTIONS as OF_SEEDS

__all__ = ["document_of"]

_REFERENCES = "#/components/schemas/{name}"
_VERSION = "1"
_PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}")


class Cause(Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a request was refused, in words."""

    error_summary: str


class Error(Struct, frozen=True, kw_only=True, rename="camel"):
    """Okta's error object, which `/_mock` uses too."""

    error_code: str
    error_summary: str
    error_link: str
    error_id: str
    error_causes: tuple[Cause, ...]


def document_of(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document."""
    shapes = _shapes(operations)
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_REFERENCES)
    _describe_all_keys(components)
    named = dict(zip(shapes, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = paths.setdefault(_PLACE.sub(r"{\1}", operation.path), {})
        path[operation.method.lower()] = _described(operation, named)
    token = {"type": "http", "scheme": "bearer", "description": "The org's control token, if any."}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mock_okta control API",
            "version": _VERSION,
            "description": "The test's own API over an org; it is not a part of Okta.",
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"controlToken": token}},
        "security": [{}, {"controlToken": []}],
    }


def _describe_all_keys(components: dict[str, Any]) -> None:
    """Give each key of each type its description: from the seed's table for types of a seed."""
    of_seeds = set(msgspec.json.schema(Seed)["$defs"])
    parts = ((components.keys() & of_seeds, OF_SEEDS), (components.keys() - of_seeds, DESCRIPTIONS))
    for names, table in parts:
        describe_keys({name: components[name] for name in names}, table)


def _shapes(operations: Sequence[Operation]) -> list[type[Struct] | UnionType]:
    given = [shape for each in operations for shape in (each.body, each.answer)]
    return list(dict.fromkeys([*(shape for shape in given if shape is not None), Error]))


def _described(operation: Operation, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _operation_id(operation),
        "tags": [operation.path.split("/")[2]],
    }
    parameters = _path_parameters(operation.path) + _query_parameters(operation.query)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {
            "required": not operation.body_is_optional,
            "content": _json(schemas[operation.body]),
        }
    described["responses"] = _responses(operation, schemas)
    return described


def _responses(operation: Operation, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    refused = {"description": "Refused.", "content": _json(schemas[Error])}
    if operation.answer is not None:
        content = {operation.media_type: {"schema": schemas[operation.answer]}}
        done = {"description": "Done.", "content": content}
    elif operation.method == "GET":
        done = {"description": "Shown.", "content": {operation.media_type: {"schema": {}}}}
    else:
        return {"204": {"description": "Done."}, "default": refused}
    return {"200": done, "default": refused}


def _operation_id(operation: Operation) -> str:
    path = re.sub(r"\W+", "_", _PLACE.sub(r"\1", operation.path.removeprefix("/_mock/")))
    return f"{operation.method.lower()}_{path}"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PLACES.get(name, ""),
            "schema": {"type": "string"},
        }
        for name in _PLACE.findall(path)
    ]


def _query_parameters(shape: type[Struct] | None) -> list[dict[str, Any]]:
    if shape is None:
        return []
    (_, components) = msgspec.json.schema_components([shape], ref_template=_REFERENCES)
    _describe_all_keys(components)
    schema = components[shape.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema["required"],
            "description": each.pop("description"),
            "schema": each,
        }
        for name, each in schema["properties"].items()
    ]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}

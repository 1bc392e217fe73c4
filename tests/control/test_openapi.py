"""/_mock/openapi.json describes all of /_mock, and describes it truly."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from mock_okta import Clock, Config, KeyPool
from mock_okta.app import build_app
from mock_okta.control.openapi import document_of
from mock_okta.control.operations import Operation
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.routing import SERVED
from tests.visiting import LOGIN, SEED, SPA, Visitor

CONSOLE = re.compile(r"/_mock/(console|$)")
METHODS = {"get", "put", "post", "delete", "patch"}


async def _document(visitor: Visitor) -> Any:
    answer = await visitor.ask("GET", "/_mock/openapi.json")
    assert answer.status == 200, answer.text
    return answer.json()


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _schema(document: Any, part: Any) -> dict[str, Any]:
    """A schema of the document, with the components that it may refer to."""
    (content,) = part["content"].values()
    return {**content["schema"], "components": document["components"]}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


async def test_it_has_the_form_of_openapi_3_1(visitor: Visitor) -> None:
    document = await _document(visitor)
    assert document["openapi"] == "3.1.0"
    assert set(document) == {"openapi", "info", "paths", "components", "security"}
    assert set(document["info"]) == {"title", "version", "description"}
    for path, method, operation in _operations(document):
        assert path.startswith("/_mock/")
        assert method in METHODS
        required = {"summary", "operationId", "tags", "responses"}
        assert required <= set(operation) <= required | {"parameters", "requestBody"}
        assert operation["summary"].endswith((".", "503.")), operation["summary"]
        assert "default" in operation["responses"]
        for response in operation["responses"].values():
            assert response["description"]


async def test_operation_ids_are_names_that_nothing_else_has(visitor: Visitor) -> None:
    ids = [operation["operationId"] for *_, operation in _operations(await _document(visitor))]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", each) for each in ids), ids


async def test_path_parameters_are_those_of_the_path(visitor: Visitor) -> None:
    for path, _, operation in _operations(await _document(visitor)):
        found = [each for each in operation.get("parameters", []) if each["in"] == "path"]
        assert [each["name"] for each in found] == re.findall(r"\{(\w+)\}", path)
        assert all(each["required"] for each in found)
        assert re.fullmatch(r"(/\w+|/\{\w+\}|\.json)+", path)


async def test_every_schema_is_good_and_every_reference_leads_somewhere(visitor: Visitor) -> None:
    document = await _document(visitor)
    for schema in document["components"]["schemas"].values():
        OAS31Validator.check_schema(schema)
        assert schema["description"], schema
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in document["components"]["schemas"])
    references = set(_references(document))
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references == names


async def test_it_describes_every_route_and_no_other(
    visitor: Visitor, config: Config, shared_pool: KeyPool
) -> None:
    clock = Clock()
    world = world_of(in_memory(clock), clock, shared_pool, urls=(visitor.org.url,))
    app = build_app(config, world, config.given_seed())
    served = {
        (resource.canonical, method)
        for resource, at_path in app[SERVED].items()
        for method in at_path.policy.methods
        if resource.canonical.startswith("/_mock/") and not CONSOLE.match(resource.canonical)
    }
    document = await _document(visitor)
    assert {(path, method.upper()) for path, method, _ in _operations(document)} == served
    assert len(served) > 20


async def test_what_every_get_shows_is_as_described(visitor: Visitor) -> None:
    await visitor.tokens()
    await visitor.sign_in()
    await visitor.ask("PUT", "/_mock/snapshots/one")
    document, shown = await _document(visitor), 0
    for path, method, operation in _operations(document):
        if method != "get" or "{" in path or path == "/_mock/events":  # a stream has no end
            continue
        answer = await visitor.ask("GET", path)
        assert answer.status == 200, path
        schema = _schema(document, operation["responses"]["200"])
        OAS31Validator(schema).validate(answer.json())
        shown += 1
    assert shown > 5


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [
        ("/_mock/seed", "put", {"users": [{"login": "a@example.com", "password": "x"}]}),
        ("/_mock/seed", "put", {"clients": [{"name": "Web", "type": "web"}]}),
        ("/_mock/seed", "put", {"authorization_servers": [{"id": "fresh"}]}),
        ("/_mock/clock", "put", {"frozen": True, "now": "2031-01-01T00:00:00Z"}),
        ("/_mock/clock/advance", "post", {"seconds": 1.5}),
        ("/_mock/keys/rotate", "post", {"authorization_server": "rich"}),
        ("/_mock/snapshots/{name}", "put", None),
    ],
)
async def test_bodies_and_answers_are_as_described(
    visitor: Visitor, path: str, method: str, body: Any
) -> None:
    document = await _document(visitor)
    operation = document["paths"][path][method]
    if body is not None:
        OAS31Validator(_schema(document, operation["requestBody"])).validate(body)
    answer = await visitor.ask(method.upper(), path.replace("{name}", "one"), json=body)
    assert answer.status == 200, answer.text
    OAS31Validator(_schema(document, operation["responses"]["200"])).validate(answer.json())


async def test_a_refusal_is_as_described(visitor: Visitor) -> None:
    document = await _document(visitor)
    refused = document["paths"]["/_mock/clock"]["put"]["responses"]["default"]
    answer = await visitor.ask("PUT", "/_mock/clock", json={"frozen": 1})
    assert answer.status == 400
    OAS31Validator(_schema(document, refused)).validate(answer.json())


async def test_a_wrong_body_is_described_as_wrong(visitor: Visitor) -> None:
    document = await _document(visitor)
    schema = _schema(document, document["paths"]["/_mock/seed"]["put"]["requestBody"])
    good = {"users": [{"login": LOGIN, "password": "x"}], "clients": []}
    assert OAS31Validator(schema).is_valid(good)
    for wrong in ({"people": []}, {"users": [{"login": 1, "password": "x"}]}, {"clients": SPA}):
        assert not OAS31Validator(schema).is_valid(wrong)


async def test_query_parameters_are_described(visitor: Visitor) -> None:
    document = await _document(visitor)
    parameters = document["paths"]["/_mock/tokens"]["delete"]["parameters"]
    assert {(each["name"], each["in"], each["required"]) for each in parameters} == {
        ("user", "query", False),
        ("client_id", "query", False),
    }


async def test_the_token_is_described(visitor: Visitor) -> None:
    document = await _document(visitor)
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert {name: []} in document["security"]


@pytest.mark.parametrize("config", [Config(seed=SEED, control_token="secret-1")])
async def test_it_is_behind_the_guard_as_all_else(visitor: Visitor) -> None:
    assert (await visitor.ask("GET", "/_mock/openapi.json")).status == 401


def test_a_path_with_a_pattern_is_described_without_it() -> None:
    async def nothing(_: object) -> None: ...

    operation = Operation(method="GET", path="/_mock/a/{b:.+}/c", summary="x", handler=nothing)
    assert list(document_of([operation])["paths"]) == ["/_mock/a/{b}/c"]

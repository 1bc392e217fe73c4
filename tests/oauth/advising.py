"""Clients and acts of the tests of what the log advises."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_okta import Config
from mock_okta.model.seed import parse_seed
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SECRET, USER_ID, Visitor

CODE, IMPLICIT, JOB = "authorization_code", "implicit", "client_credentials"
ELSEWHERE = "https://elsewhere.example.test"
CLIENTS: Mapping[str, Mapping[str, Any]] = {
    "spa": {"type": "spa", "grant_types": [CODE], "login_redirect_uris": [CALLBACK]},
    "web": {
        "type": "web",
        "client_secret": SECRET,
        "grant_types": [CODE],
        "login_redirect_uris": [CALLBACK],
    },
    "public": {
        "type": "web",
        "token_endpoint_auth_method": "none",
        "grant_types": [CODE],
        "login_redirect_uris": [CALLBACK],
    },
    "service": {"type": "service", "client_secret": SECRET},
}


def client_document(kind: str, **settings: Any) -> dict[str, Any]:
    return {"clients": [{"name": kind, "client_id": f"0oa{kind}", **CLIENTS[kind], **settings}]}


def server_document(*scopes: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    return {"authorization_servers": [{"id": "default", "scopes": list(scopes), **settings}]}


async def put_seed(visitor: Visitor, document: Mapping[str, Any]) -> None:
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


def logged(caplog: pytest.LogCaptureFixture, path: str) -> str:
    lines = [r.getMessage() for r in caplog.records if r.name == "mock_okta.requests"]
    (line,) = (line for line in lines if path in line)
    return line


def config_of_clients() -> Config:
    clients = [client_document(name)["clients"][0] for name in CLIENTS]
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID}
    servers = [{"id": "default"}]
    document = {"users": [user], "clients": clients, "authorization_servers": servers}
    return Config(seed=parse_seed(document))

"""Paths that nothing serves: the log and the answer say whether Okta has them."""

import logging

import pytest

from mock_okta.web.unserved import okta_beginning
from tests.visiting import Visitor

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OURS = "this is not a path of the control API: /_mock/openapi.json lists those that are"
NOBODYS = "this is not a path of Okta"


def missing(beginning: str) -> str:
    return f"{beginning} belongs to Okta's API, but this org does not serve this path yet"


UNSERVED = [
    ("/api/v1/groups", missing("/api/v1/groups")),
    ("/api/v1/apps/0oa1/users", missing("/api/v1/apps")),
    ("/api/v1/users/me/grants", missing("/api/v1/users")),
    ("/oauth2/v1/clients", missing("/oauth2/v1/clients")),
    ("/oauth2/default/v1/bc/authorize", missing("/oauth2/default/v1/bc/authorize")),
    ("/idp/idx/nothing", missing("/idp/idx")),
    ("/governance/api/v1/campaigns", missing("/governance/api/v1")),
    ("/.well-known/webauthn", missing("/.well-known/webauthn")),
    ("/api/v1/nothing", NOBODYS),
    ("/api/v1/groupsies", NOBODYS),
    ("/api/v2/groups", NOBODYS),
    ("/oauth2/default/v1/tokens", NOBODYS),
    ("/nowhere", NOBODYS),
    ("/_mock/nothing", OURS),
]


@pytest.mark.parametrize(("path", "said"), UNSERVED)
@pytest.mark.parametrize("accept", [{}, {"Accept": "application/json"}])
async def test_an_api_client_gets_oktas_error_and_why(
    visitor: Visitor,
    caplog: pytest.LogCaptureFixture,
    accept: dict[str, str],
    path: str,
    said: str,
) -> None:
    caplog.set_level(logging.INFO, "mock_okta")
    answer = await visitor.ask("GET", path, headers=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")
    error = answer.json()
    assert (error["errorCode"], error["errorSummary"]) == (
        "E0000008",
        "The requested path was not found",
    )
    assert error["errorCauses"] == [{"errorSummary": said}]
    (line,) = caplog.messages
    assert line.startswith(f"GET {path} 404 ")
    assert line.endswith(said)


@pytest.mark.parametrize(("path", "said"), UNSERVED)
async def test_a_browser_gets_a_page_that_says_why(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, path: str, said: str
) -> None:
    caplog.set_level(logging.INFO, "mock_okta")
    answer = await visitor.ask("GET", path, headers=BROWSER)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert said.replace("'", "&#39;") in answer.text
    assert caplog.messages[-1].endswith(said)


@pytest.mark.parametrize("engine", ["classic"])
async def test_an_org_of_the_classic_engine_does_not_serve_the_identity_engine(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mock_okta")
    answer = await visitor.ask("GET", "/idp/idx/introspect")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000008")
    assert caplog.messages[-1].endswith(missing("/idp/idx"))


async def test_the_log_names_the_methods_of_a_path_that_is_served_for_others(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mock_okta")
    answer = await visitor.ask("POST", "/login/signout")
    assert answer.status == 405
    assert caplog.messages[-1].endswith("this org serves this path for GET")


@pytest.mark.parametrize(
    "path", ["", "/", "*", "/api/v1", "/api/v1/", "//api/v1/groups", "/oauth2"]
)
def test_what_is_no_part_of_the_table_belongs_to_none(path: str) -> None:
    assert okta_beginning(path) is None

"""GET /.well-known/webfinger: contract I.4, RFC 7033."""

import json
from urllib.parse import quote

import pytest

from mock_okta import MockOkta
from tests.visiting import APP, LOGIN, Visitor

PATH = "/.well-known/webfinger"


@pytest.mark.parametrize("more", ["", "&rel=okta%3Aidp"])
@pytest.mark.parametrize("login", [LOGIN, "nobody@example.com", "o'neil+<test>@example.com"])
async def test_everybody_signs_in_here(
    org: MockOkta, visitor: Visitor, login: str, more: str
) -> None:
    resource = f"okta:acct:{login}"
    answer = await visitor.ask("GET", f"{PATH}?resource={quote(resource)}{more}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/jrd+json")
    org_id = (await visitor.ask("GET", "/.well-known/okta-organization")).json()["id"]
    body = json.loads(answer.body)
    assert list(body) == ["subject", "links"]
    assert body == {
        "subject": resource,
        "links": [
            {
                "rel": "http://openid.net/specs/connect/1.0/issuer",
                "href": f"{org.url}/sso/idps/OKTA",
                "titles": {"und": "Mock Okta"},
                "properties": {
                    "okta:idp:metadata": f"{org.url}/api/v1/idps/OKTA/metadata",
                    "okta:idp:type": "OKTA",
                    "okta:idp:id": org_id,
                },
            }
        ],
    }


@pytest.mark.parametrize(
    "query",
    ["", "resource=", "resource=okta:acct:", "resource=okta:acct:%20", "resource=acct:a@b.c"],
)
async def test_a_resource_that_is_no_account_of_okta_is_refused(
    visitor: Visitor, query: str
) -> None:
    answer = await visitor.ask("GET", f"{PATH}?{query}")
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert answer.json()["errorSummary"] == "Api validation failed: resource"


async def test_trusted_origins_may_read_it(visitor: Visitor) -> None:
    for origin, allowed in ((APP, APP), ("https://elsewhere.example", None)):
        answer = await visitor.ask("GET", PATH, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed

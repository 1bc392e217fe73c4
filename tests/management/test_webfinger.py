"""GET /.well-known/webfinger: facts/oauth I.4, RFC 7033."""

import json
from urllib.parse import quote

import msgspec
import pytest

from mock_okta import Config, MockOkta, SeedIdentityProvider, SeedRoutingRule
from tests.visiting import APP, LOGIN, SEED, Visitor

PATH = "/.well-known/webfinger"
CORPORATE = "0oa1corp0000000000h7"


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


class TestRouting:
    """Rules send logins to identity providers; the first that covers a login counts."""

    @pytest.fixture
    def config(self) -> Config:
        return Config(
            seed=msgspec.structs.replace(
                SEED,
                identity_providers=(
                    SeedIdentityProvider(id=CORPORATE, name="Corporate", type="SAML2"),
                    SeedIdentityProvider(name="Social", type="GOOGLE"),
                ),
                routing_rules=(
                    SeedRoutingRule(idp="OKTA", logins=("admin@corp.example",)),
                    SeedRoutingRule(idp=CORPORATE, domains=("corp.example", "Firm.Example")),
                    SeedRoutingRule(idp="Social", logins=("One@Example.com",)),
                ),
            )
        )

    @pytest.mark.parametrize(
        ("login", "kind"),
        [
            ("someone@corp.example", "SAML2"),
            ("Someone@CORP.example", "SAML2"),
            ("someone@firm.example", "SAML2"),
            ("Admin@corp.example", "OKTA"),
            ("someone@sub.corp.example", "OKTA"),
            ("corp.example", "SAML2"),
            ("one@example.com", "GOOGLE"),
            (LOGIN, "OKTA"),
        ],
    )
    async def test_logins_are_routed(self, visitor: Visitor, login: str, kind: str) -> None:
        answer = await visitor.ask("GET", f"{PATH}?resource={quote('okta:acct:' + login)}")
        (link,) = json.loads(answer.body)["links"]
        assert link["properties"]["okta:idp:type"] == kind

    async def test_the_link_leads_to_the_provider_with_the_login(
        self, org: MockOkta, visitor: Visitor
    ) -> None:
        context = quote("/app/UserHome?a=1")
        query = f"resource=okta:acct:a%2Bb@corp.example&requestContext={context}"
        (link,) = json.loads((await visitor.ask("GET", f"{PATH}?{query}")).body)["links"]
        goes_on_to = quote(f"{org.url}/app/UserHome?a=1", safe="")
        assert link == {
            "rel": "okta:idp",
            "href": f"{org.url}/sso/idps/{CORPORATE}"
            f"?login_hint=a%2Bb%40corp.example&fromURI={goes_on_to}",
            "titles": {"und": "Corporate"},
            "properties": {
                "okta:idp:metadata": f"{org.url}/api/v1/idps/{CORPORATE}/metadata",
                "okta:idp:type": "SAML2",
                "okta:idp:id": CORPORATE,
            },
        }

    async def test_without_a_context_the_link_has_no_query_as_in_oktas_reference(
        self, org: MockOkta, visitor: Visitor
    ) -> None:
        """The widget's release 2.21.0 appends its own."""
        answer = await visitor.ask("GET", f"{PATH}?resource=okta:acct:a@corp.example")
        (link,) = json.loads(answer.body)["links"]
        assert link["href"] == f"{org.url}/sso/idps/{CORPORATE}"

    @pytest.mark.parametrize("context", ["https://evil.example/", "//evil.example", "", "x"])
    async def test_a_context_that_is_no_place_to_go_to_is_left_out(
        self, visitor: Visitor, context: str
    ) -> None:
        query = f"resource=okta:acct:a@corp.example&requestContext={quote(context)}"
        (link,) = json.loads((await visitor.ask("GET", f"{PATH}?{query}")).body)["links"]
        assert link["href"] == f"{visitor.org.url}/sso/idps/{CORPORATE}"

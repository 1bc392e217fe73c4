"""GET /api/v1/users/me/appLinks and the links in it: facts/oauth I.3."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest

from mock_okta import Config, Hide, MockOkta, SeedClient, Visibility
from tests.visiting import APP, LOGIN, OTHER_LOGIN, SEED, SERVICE, SPA, Visitor

PATH = "/api/v1/users/me/appLinks"
OWN, OF_GROUP, FOREIGN = "0oa1own00000000000h7", "0oa1grp00000000000h7", "0oa1for00000000000h7"

STARTED, WILD = "0oa1sta00000000000h7", "0oa1wil00000000000h7"
NOWHERE, HIDDEN = "0oa1now00000000000h7", "0oa1hid00000000000h7"


def _set(client_id: str, **settings: Any) -> SeedClient:
    return msgspec.structs.replace(_assigned(client_id), **settings)


def _assigned(client_id: str, **assigned: tuple[str, ...]) -> SeedClient:
    return SeedClient(
        name=client_id,
        type="web",
        client_id=client_id,
        login_redirect_uris=("https://app.example:8443/deep/callback", f"{APP}/callback"),
        **assigned,
    )


@pytest.fixture
def config() -> Config:
    more = (
        _assigned(OWN, assigned_users=(LOGIN,)),
        _assigned(OF_GROUP, assigned_groups=("Developers",)),
        _assigned(FOREIGN, assigned_users=(OTHER_LOGIN,)),
        _set(
            STARTED,
            login_redirect_uris=(),
            initiate_login_uri="https://app.example/start?a=1#top",
            logo_uri="https://app.example/logo.png",
        ),
        _set(
            WILD,
            wildcard_redirect="SUBDOMAIN",
            login_redirect_uris=("https://*.app.example/callback", f"{APP}/callback"),
        ),
        _set(NOWHERE, wildcard_redirect="SUBDOMAIN", login_redirect_uris=("https://*.a.example/",)),
        _set(HIDDEN, visibility=Visibility(hide=Hide(web=True))),
    )
    return Config(seed=msgspec.structs.replace(SEED, clients=(*SEED.clients, *more)))


async def test_there_are_none_without_a_session(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", PATH)
    assert (answer.status, answer.json()["errorCode"]) == (403, "E0000005")


async def test_they_are_the_apps_that_the_user_is_assigned_to(
    org: MockOkta, visitor: Visitor
) -> None:
    await visitor.sign_in()
    links = (await visitor.ask("GET", PATH)).json()
    listed = {link["appInstanceId"] for link in links}
    assert {SPA, OWN, OF_GROUP, STARTED, WILD} <= listed
    assert listed.isdisjoint({SERVICE, FOREIGN, NOWHERE, HIDDEN})
    assert [link["sortOrder"] for link in links] == list(range(len(links)))
    assert len({link["id"] for link in links}) == len(links)
    (spa,) = (link for link in links if link["appInstanceId"] == SPA)
    assert list(spa) == [
        "id",
        "label",
        "linkUrl",
        "logoUrl",
        "appName",
        "appInstanceId",
        "appAssignmentId",
        "credentialsSetup",
        "hidden",
        "sortOrder",
    ]
    assert (spa["label"], spa["appName"]) == ("SPA", "oidc_client")
    assert spa["linkUrl"].startswith(f"{org.url}/home/oidc_client/{SPA}/aln")


async def test_a_link_goes_to_the_app(visitor: Visitor) -> None:
    await visitor.sign_in()
    links = (await visitor.ask("GET", PATH)).json()
    urls = {link["appInstanceId"]: link["linkUrl"] for link in links}
    assert (await visitor.ask("GET", urls[SPA])).location == f"{APP}/"
    assert (await visitor.ask("GET", urls[OWN])).location == "https://app.example:8443/"


async def test_a_link_starts_a_sign_in_where_the_app_wants_it_to(
    org: MockOkta, visitor: Visitor
) -> None:
    """OIDC Core 4: with `iss`, by which the app knows whom to ask."""
    await visitor.sign_in()
    links = {link["appInstanceId"]: link for link in (await visitor.ask("GET", PATH)).json()}
    location = (await visitor.ask("GET", links[STARTED]["linkUrl"])).location
    assert location == f"https://app.example/start?a=1&{urlencode({'iss': org.url})}#top"
    assert (await visitor.ask("GET", links[WILD]["linkUrl"])).location == f"{APP}/"
    assert links[STARTED]["logoUrl"] == "https://app.example/logo.png"
    assert links[WILD]["logoUrl"] == f"{org.url}/img/logos/default.png"


async def test_a_link_asks_to_sign_in_first(org: MockOkta, visitor: Visitor) -> None:
    path = f"/home/oidc_client/{SPA}/aln177a159h7Zf52X0g8"
    sign_in = urlsplit((await visitor.ask("GET", path)).location)
    assert f"{sign_in.scheme}://{sign_in.netloc}" == org.url
    assert sign_in.path == "/login/login.htm"
    assert parse_qs(sign_in.query) == {"fromURI": [path]}


@pytest.mark.parametrize("client_id", [FOREIGN, SERVICE, "0oa-made-up"])
async def test_a_link_to_an_app_that_is_not_the_user_s_leads_nowhere(
    visitor: Visitor, client_id: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", f"/home/oidc_client/{client_id}/aln177a159h7Zf52X0g8")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")

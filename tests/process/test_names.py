"""An org with several names: who asks at one of them sees that name everywhere."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import jwt
import msgspec
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from mock_okta import Config, MockOkta, SeedApiToken, SeedAuthorizationServer, SeedClient
from tests.visiting import (
    CALLBACK,
    LOGIN,
    PASSWORD,
    SEED,
    Answer,
    Visitor,
    claims_of,
)

CUSTOM, BRAND, OWN = "login.example.test", "brand.example.test", "your-org.okta.test"
NAMES = (CUSTOM, BRAND, OWN)
FIXED = {"as-org": "ORG_URL", "as-custom": "CUSTOM_URL"}
ORG_APP, CUSTOM_APP = "0oa1org00000000000h7", "0oa1cus00000000000h7"
SIGNING, JWT_WEB, DEVICE_APP = (
    "0oa1jwt00000000000h7",
    "0oa1jww00000000000h7",
    "0oa1tel00000000000h7",
)
LONG_SECRET = "s" * 64


def _app(client_id: str, mode: str) -> SeedClient:
    return msgspec.structs.replace(
        SEED.clients[0], name=mode, client_id=client_id, issuer_mode=mode
    )


@pytest.fixture
def config() -> Config:
    more = (
        _app(ORG_APP, "ORG_URL"),
        _app(CUSTOM_APP, "CUSTOM_URL"),
        SeedClient(
            name="Signing",
            type="service",
            client_id=SIGNING,
            client_secret=LONG_SECRET,
            token_endpoint_auth_method="client_secret_jwt",
        ),
        SeedClient(
            name="Request objects",
            type="web",
            client_id=JWT_WEB,
            client_secret=LONG_SECRET,
            login_redirect_uris=(CALLBACK,),
        ),
        SeedClient(
            name="TV",
            type="native",
            client_id=DEVICE_APP,
            grant_types=("urn:ietf:params:oauth:grant-type:device_code",),
        ),
    )
    seed = msgspec.structs.replace(
        SEED,
        api_tokens=(SeedApiToken(token="00token"),),
        clients=(*SEED.clients, *more),
        authorization_servers=(
            *SEED.authorization_servers,
            *(SeedAuthorizationServer(id=each, issuer_mode=mode) for each, mode in FIXED.items()),
        ),
    )
    return Config(seed=seed, hostname=CUSTOM, domains=(BRAND, OWN))


class _HereAlone(AbstractResolver):
    """Takes every name for this machine, as an entry in /etc/hosts would."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


@dataclass(frozen=True)
class VisitorAt(Visitor):
    """Somebody who knows the org by one of its names."""

    base: str = ""

    def url(self, path: str, server: str = "default") -> str:
        return super().url(path, server).replace(self.org.url, self.base)

    async def ask(self, method: str, url: str, **options: Any) -> Answer:
        where = url if url.startswith("http") else self.base + url
        return await super().ask(method, where, **options)

    def issuer(self, server: str = "default") -> str:
        return self.base if server == "org" else f"{self.base}/oauth2/{server}"

    async def discovery(self, server: str = "default", **query: str) -> dict[str, Any]:
        path = f"{self.issuer(server)}/.well-known/openid-configuration?{urlencode(query)}"
        document: dict[str, Any] = (await self.ask("GET", path)).json()
        return document


At = Callable[[str], VisitorAt]


@pytest.fixture
async def at(org: MockOkta) -> AsyncIterator[At]:
    """Visitors of the org's names, all in one browser: its cookies have a host each."""
    port = urlsplit(org.url).port
    connector = aiohttp.TCPConnector(resolver=_HereAlone(), use_dns_cache=False)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        yield lambda name: VisitorAt(org, http, base=f"http://{name}:{port}")


def test_an_org_has_the_name_that_is_first_and_leads_others_here(config: Config) -> None:
    assert config.urls(f"https://{CUSTOM}") == tuple(f"https://{name}" for name in NAMES)
    assert config.urls(f"http://{CUSTOM}:81") == tuple(f"http://{name}:81" for name in NAMES)
    moved = Config().at_domain("LOGIN.example.test", "Your-Org.okta.test")
    assert moved.domains == ("your-org.okta.test",)


async def test_every_name_is_led_here(org: MockOkta) -> None:
    port = urlsplit(org.url).port
    assert org.routes == {f"{name}:{port}": f"127.0.0.1:{port}" for name in NAMES}


# Issuers


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_dynamic_issuer_is_the_name_that_is_asked(at: At, name: str, server: str) -> None:
    visitor = at(name)
    document = await visitor.discovery(server)
    assert document["issuer"] == visitor.issuer(server)
    links = [value for value in document.values() if str(value).startswith("http")]
    assert len(links) > 5
    assert all(link.startswith(f"{visitor.base}") for link in links)
    tokens = await visitor.tokens(server=server)
    access_token, id_token = claims_of(tokens["access_token"]), claims_of(tokens["id_token"])
    assert access_token["iss"] == id_token["iss"] == visitor.issuer(server)
    assert access_token["aud"] == ("api://default" if server == "default" else visitor.base)
    assert (await visitor.userinfo(tokens["access_token"], server=server)).status == 200
    told = await visitor.introspect(tokens["access_token"], server=server)
    assert (told["active"], told["iss"]) == (True, visitor.issuer(server))
    refreshed = (await visitor.refresh(tokens["refresh_token"], server=server)).json()
    assert claims_of(refreshed["access_token"])["iss"] == visitor.issuer(server)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("server", "issued_at"), [("as-org", OWN), ("as-custom", CUSTOM)])
async def test_a_fixed_issuer_is_the_same_at_every_name(
    at: At, name: str, server: str, issued_at: str
) -> None:
    visitor, owner = at(name), at(issued_at)
    document = await visitor.discovery(server)
    assert document["issuer"] == owner.issuer(server)
    assert document["token_endpoint"] == f"{owner.issuer(server)}/v1/token"
    tokens = await visitor.tokens(server=server)
    assert claims_of(tokens["access_token"])["iss"] == owner.issuer(server)
    for each in map(at, NAMES):
        assert (await each.userinfo(tokens["access_token"], server=server)).status == 200
        assert (await each.introspect(tokens["access_token"], server=server))["active"] is True


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("client_id", "issued_at"), [(ORG_APP, OWN), (CUSTOM_APP, CUSTOM)])
async def test_an_app_s_mode_counts_at_the_org_server_alone(
    at: At, name: str, client_id: str, issued_at: str
) -> None:
    visitor, owner = at(name), at(issued_at)
    assert (await visitor.discovery("org", client_id=client_id))["issuer"] == owner.base
    assert (await visitor.discovery("org"))["issuer"] == visitor.base
    custom = await visitor.discovery("default", client_id=client_id)
    assert custom["issuer"] == visitor.issuer("default")
    change = {"client_id": client_id}
    code = await visitor.code(change, server="org")
    tokens = (await visitor.redeem(code, change, server="org")).json()
    assert claims_of(tokens["id_token"])["iss"] == owner.base
    assert claims_of(tokens["access_token"])["iss"] == owner.base
    for each in map(at, NAMES):
        assert (await each.userinfo(tokens["access_token"], server="org")).status == 200
        told = await each.introspect(tokens["access_token"], change, server="org")
        assert told["active"] is True


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_token_of_one_dynamic_issuer_is_none_of_another_s(
    at: At, caplog: pytest.LogCaptureFixture, server: str
) -> None:
    here, there = at(CUSTOM), at(OWN)
    tokens = await here.tokens(server=server)
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await there.userinfo(tokens["access_token"], server=server)).status == 401
        told = await there.introspect(tokens["access_token"], server=server)
    assert told == {"active": False}
    advice = f"the token's issuer is {here.issuer(server)}, but here it is {there.issuer(server)}"
    assert caplog.text.count(advice) == 2
    form = {"id_token_hint": tokens["id_token"]}
    assert (await there.post("logout", form, server=server)).status == 400
    assert (await here.post("logout", form, server=server)).status == 302


@pytest.mark.parametrize("host", ["127.0.0.1", "stranger.example.test", "[::1", "a.oktacdn.com"])
async def test_any_other_host_gets_the_first_name(at: At, host: str) -> None:
    visitor = at(CUSTOM)
    path = "/oauth2/default/.well-known/openid-configuration"
    answer = await visitor.ask("GET", path, headers={"Host": host})
    assert answer.json()["issuer"] == visitor.issuer("default")


@pytest.mark.parametrize("host", [OWN.upper(), f"{OWN}:8443"])
async def test_a_name_is_known_in_any_case_and_with_any_port(at: At, host: str) -> None:
    path = "/oauth2/default/.well-known/openid-configuration"
    answer = await at(CUSTOM).ask("GET", path, headers={"Host": host})
    assert answer.json()["issuer"] == at(OWN).issuer("default")


async def test_a_client_s_assertion_names_the_endpoint_that_it_asks(at: At) -> None:
    visitor = at(OWN)
    for audience, status in ((visitor.url("token"), 200), (at(CUSTOM).url("token"), 401)):
        claims = {
            "iss": SIGNING,
            "sub": SIGNING,
            "aud": audience,
            "exp": visitor.org.clock.epoch() + 60,
        }
        form = {
            "grant_type": "client_credentials",
            "scope": "messages.read",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, LONG_SECRET, "HS256"),
        }
        assert (await visitor.post("token", form)).status == status


@pytest.mark.parametrize(("server", "issued_at"), [("default", BRAND), ("as-org", OWN)])
async def test_a_request_object_names_the_issuer_that_is_seen(
    at: At, server: str, issued_at: str
) -> None:
    visitor = at(BRAND)
    for name, error in ((issued_at, None), (CUSTOM, "invalid_request_object")):
        claims = {"iss": JWT_WEB, "aud": at(name).issuer(server), "state": "inside"}
        asked = {"client_id": JWT_WEB, "request": jwt.encode(claims, LONG_SECRET, "HS256")}
        await visitor.sign_in()
        answer = await visitor.authorize(asked, server=server)
        assert answer.returned.get("error") == error


# Pages, links and cookies


@pytest.mark.parametrize("name", NAMES)
async def test_a_sign_in_stays_at_the_name_where_it_began(at: At, name: str) -> None:
    visitor, elsewhere = at(name), at(next(each for each in NAMES if each != name))
    page = await visitor.authorize()
    assert page.location.startswith(f"{visitor.base}/login/login.htm?")
    (target,) = parse_qs(urlsplit(page.location).query)["fromURI"]
    form = {"username": LOGIN, "password": PASSWORD, "fromURI": target}
    signed_in = await visitor.ask("POST", "/login/login.htm", data=form)
    assert signed_in.location == f"{visitor.base}{target}"
    back = await visitor.ask("GET", signed_in.location)
    assert back.location.startswith(f"{CALLBACK}?code=")
    tokens = (await visitor.redeem(back.returned["code"])).json()
    assert claims_of(tokens["id_token"])["iss"] == visitor.issuer()
    assert await visitor.session_id() is not None
    assert await elsewhere.session_id() is None


@pytest.mark.parametrize("name", NAMES)
async def test_links_in_answers_lead_to_the_name_that_is_asked(at: At, name: str) -> None:
    visitor = at(name)
    await visitor.sign_in()
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    user = (await visitor.ask("GET", "/api/v1/users/me")).json()
    apps = (await visitor.ask("GET", "/api/v1/users/me/appLinks")).json()
    links = [
        session["_links"]["self"]["href"],
        user["_links"]["self"]["href"],
        apps[0]["linkUrl"],
    ]
    assert all(link.startswith(f"{visitor.base}/") for link in links)


@pytest.mark.parametrize("name", NAMES)
async def test_links_in_messages_lead_to_the_name_that_was_asked(at: At, name: str) -> None:
    visitor = at(name)
    body = {"username": LOGIN, "factorType": "EMAIL"}
    asked = await visitor.ask("POST", "/api/v1/authn/recovery/password", json=body)
    assert asked.status == 200, asked.text
    messages = (await visitor.ask("GET", "/_mock/outbox")).json()
    assert [each["link"].startswith(f"{visitor.base}/") for each in messages["messages"]] == [True]


async def test_a_device_is_sent_to_the_name_that_it_asked(at: At) -> None:
    visitor = at(OWN)
    form = {"client_id": DEVICE_APP, "scope": "openid"}
    started = (await visitor.post("device/authorize", form)).json()
    assert started["verification_uri"] == f"{visitor.base}/activate"


@pytest.mark.parametrize("name", NAMES)
async def test_every_name_is_the_org_s_own_place_to_go_to(at: At, name: str) -> None:
    visitor = at(CUSTOM)
    query = {"token": await visitor.session_token(), "redirectUrl": f"{at(name).base}/app/UserHome"}
    answer = await visitor.ask("GET", f"/login/sessionCookieRedirect?{urlencode(query)}")
    assert answer.location == f"{at(name).base}/app/UserHome"


@pytest.mark.parametrize("name", NAMES)
async def test_the_org_tells_of_its_own_name_and_of_its_custom_domain(at: At, name: str) -> None:
    links = (await at(name).ask("GET", "/.well-known/okta-organization")).json()["_links"]
    assert links == {
        "organization": {"href": at(OWN).base},
        "alternate": {"href": at(CUSTOM).base},
    }


async def test_a_page_at_one_name_is_of_another_origin_at_the_other(at: At) -> None:
    here, there = at(CUSTOM), at(OWN)
    for visitor, allowed in ((there, None), (here, None)):
        answer = await visitor.ask("GET", "/api/v1/sessions/me", headers={"Origin": here.base})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    keys = await there.ask("GET", there.url("keys"), headers={"Origin": here.base})
    assert keys.headers["Access-Control-Allow-Origin"] == here.base
    keys = await here.ask("GET", here.url("keys"), headers={"Origin": here.base})
    assert "Access-Control-Allow-Origin" not in keys.headers


async def test_all_that_a_user_has_may_be_ended_by_any_issuer(at: At) -> None:
    body = {"sub_id": {"format": "iss_sub", "iss": at(OWN).issuer(), "sub": LOGIN}}
    answer = await at(CUSTOM).ask(
        "POST",
        "/oauth2/v1/global-token-revocation",
        json=body,
        headers={"Authorization": "SSWS 00token"},
    )
    assert answer.status == 204


# The control API, and what the org says of itself


async def test_the_control_api_is_at_every_name_and_tells_of_the_first(
    at: At, org: MockOkta
) -> None:
    for name in NAMES:
        facts = (await at(name).ask("GET", "/_mock/org")).json()
        assert facts["url"] == org.url == at(CUSTOM).base
        assert facts["issuers"]["default"] == org.issuer() == at(CUSTOM).issuer()
        assert facts["issuers"]["as-org"] == org.issuer("as-org") == at(OWN).issuer("as-org")
        assert facts["issuers"]["org"] == org.issuer("org") == at(CUSTOM).base


@pytest.mark.parametrize(
    ("order", "issuer"),
    [
        ({}, f"{CUSTOM}/oauth2/default"),
        ({"authorization_server": "as-org"}, f"{OWN}/oauth2/as-org"),
        ({"authorization_server": "org", "client_id": ORG_APP}, OWN),
    ],
)
async def test_minted_tokens_have_the_issuer_of_the_mode(
    at: At, order: Mapping[str, str], issuer: str
) -> None:
    minted = (await at(CUSTOM).ask("POST", "/_mock/tokens", json=order)).json()
    name, _, path = issuer.partition("/")
    expected = at(name).base + (f"/{path}" if path else "")
    assert minted["issuer"] == claims_of(minted["access_token"])["iss"] == expected

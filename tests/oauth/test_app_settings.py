"""Settings of an app that the admin console has: PKCE, wildcards, refresh tokens, exchanges."""

from datetime import timedelta

import msgspec
import pytest

from mock_okta import Config, MockOkta, RefreshTokenSettings, SeedClient
from tests.visiting import (
    CALLBACK,
    SECRET,
    SEED,
    SPA,
    WEB,
    Change,
    Visitor,
    claims_of,
)

WILD = "https://review-*.example.test:8443/callback?a=1"
ANY = "https://*.apps.example.test/callback"
NATIVE = "0oa1nat00000000000h7"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
NO_PKCE: Change = {"client_id": WEB, "code_challenge": None, "code_challenge_method": None}


def changed(client_id: str, **settings: object) -> Config:
    """The org of all tests, one of its clients with other settings."""
    clients = tuple(
        msgspec.structs.replace(client, **settings) if client.client_id == client_id else client
        for client in SEED.clients
    )
    return Config(seed=msgspec.structs.replace(SEED, clients=clients))


# pkce_required


@pytest.mark.parametrize("config", [changed(WEB, pkce_required=True)])
async def test_a_web_app_that_requires_pkce_is_refused_without(visitor: Visitor) -> None:
    assert (await visitor.authorize(NO_PKCE)).returned == {
        "state": "state-1",
        "error": "invalid_request",
        "error_description": "PKCE code challenge is required by the application.",
    }
    pushed = await visitor.post(
        "par",
        {
            **NO_PKCE,
            "client_secret": SECRET,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": "s",
        },
    )
    assert (pushed.status, pushed.json()["error"]) == (400, "invalid_request")
    assert (await visitor.tokens({"client_id": WEB}))["id_token"]


async def test_a_web_app_may_do_without_pkce_where_nothing_is_set(visitor: Visitor) -> None:
    code = await visitor.code(NO_PKCE)
    change = {"client_id": WEB, "client_secret": SECRET, "code_verifier": None}
    assert (await visitor.redeem(code, change)).status == 200


# wildcard_redirect


@pytest.mark.parametrize(
    "config",
    [
        changed(SPA, wildcard_redirect="SUBDOMAIN", login_redirect_uris=(CALLBACK, WILD, ANY)),
    ],
)
@pytest.mark.parametrize(
    ("uri", "is_one"),
    [
        ("https://review-17.example.test:8443/callback?a=1", True),
        ("https://review-a-B.example.test:8443/callback?a=1", True),
        ("https://blue.apps.example.test/callback", True),
        (CALLBACK, True),
        ("https://review-.example.test:8443/callback?a=1", False),
        ("https://review-17.example.test:8443/callback", False),
        ("https://review-17.example.test:8443/callback?a=1&b=2", False),
        ("https://review-17.example.test/callback?a=1", False),
        ("http://review-17.example.test:8443/callback?a=1", False),
        ("https://review-1.2.example.test:8443/callback?a=1", False),
        ("https://review-evil.test/x.example.test:8443/callback?a=1", False),
        ("https://apps.example.test/callback", False),
        ("https://a.b.apps.example.test/callback", False),
        ("https://evil.test#.apps.example.test/callback", False),
        ("https://evil.test?.apps.example.test/callback", False),
        ("https://a:b@c.apps.example.test/callback", False),
        (WILD, False),
    ],
)
async def test_a_wildcard_stands_for_a_part_of_one_subdomain(
    visitor: Visitor, *, uri: str, is_one: bool
) -> None:
    token = {"sessionToken": await visitor.session_token()}
    answer = await visitor.authorize(token | {"redirect_uri": uri})
    assert answer.status == (302 if is_one else 400), answer.text
    if is_one:
        assert answer.location.startswith(uri)
        redeemed = await visitor.redeem(answer.returned["code"], {"redirect_uri": uri})
        assert redeemed.status == 200


@pytest.mark.parametrize(
    "config", [changed(SPA, wildcard_redirect="SUBDOMAIN", login_redirect_uris=(ANY,))]
)
async def test_a_browser_at_such_a_subdomain_may_redeem_its_code(visitor: Visitor) -> None:
    uri = "https://blue.apps.example.test/callback"
    code = await visitor.code({"redirect_uri": uri})
    for origin, status in (
        ("https://a.b.apps.example.test", 400),
        ("https://blue.apps.example.test", 200),
    ):
        answer = await visitor.redeem(code, {"redirect_uri": uri}, headers={"Origin": origin})
        assert answer.status == status
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        assert allowed == (origin if status == 200 else None)


# refresh_token


@pytest.mark.parametrize(
    "config",
    [changed(SPA, refresh_token=RefreshTokenSettings(rotation_type="STATIC"))],
)
async def test_a_public_client_s_refresh_token_may_be_static(visitor: Visitor) -> None:
    first = (await visitor.tokens())["refresh_token"]
    assert (await visitor.refresh(first)).json()["refresh_token"] == first


@pytest.mark.parametrize(
    ("config", "leeway"),
    [
        (
            changed(WEB, refresh_token=RefreshTokenSettings(rotation_type="ROTATE", leeway=each)),
            each,
        )
        for each in (0, 60)
    ],
)
async def test_a_confidential_client_s_may_rotate_and_the_leeway_is_the_app_s(
    org: MockOkta, visitor: Visitor, leeway: int
) -> None:
    org.clock.freeze()
    change = {"client_id": WEB, "client_secret": SECRET}
    first = (await visitor.tokens({"client_id": WEB}))["refresh_token"]
    second = (await visitor.refresh(first, change)).json()["refresh_token"]
    assert second != first
    org.clock.advance(timedelta(seconds=leeway))
    assert (await visitor.refresh(first, change)).json()["refresh_token"] == second
    org.clock.advance(timedelta(seconds=1))
    assert (await visitor.refresh(first, change)).status == 400
    assert (await visitor.refresh(second, change)).status == 400


# Token exchange


@pytest.fixture
def with_native() -> Config:
    """An org with a native app that may exchange tokens."""
    native = SeedClient(
        name="Command line",
        type="native",
        client_id=NATIVE,
        login_redirect_uris=(CALLBACK,),
        grant_types=("authorization_code", TOKEN_EXCHANGE),
    )
    return Config(seed=msgspec.structs.replace(SEED, clients=(*SEED.clients, native)))


class TestANativeApp:
    """It has no secret, and may have the grant nevertheless."""

    @pytest.fixture
    def config(self, with_native: Config) -> Config:
        return with_native

    async def test_it_exchanges_an_access_token(self, visitor: Visitor) -> None:
        tokens = await visitor.tokens({"client_id": NATIVE})
        form = {
            "client_id": NATIVE,
            "grant_type": TOKEN_EXCHANGE,
            "subject_token": tokens["access_token"],
            "subject_token_type": ACCESS_TOKEN,
            "audience": "api://default",
            "scope": "messages.read",
        }
        body = (await visitor.post("token", form)).json()
        assert body["issued_token_type"] == ACCESS_TOKEN
        claims = claims_of(body["access_token"])
        assert (claims["cid"], claims["scp"]) == (NATIVE, ["messages.read"])

    async def test_another_kind_of_token_is_refused_by_name(self, visitor: Visitor) -> None:
        form = {
            "client_id": NATIVE,
            "grant_type": TOKEN_EXCHANGE,
            "subject_token": "any",
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "audience": "urn:okta:apps:0oa1",
            "scope": "messages.read",
        }
        answer = await visitor.post("token", form)
        assert (answer.status, answer.json()["error"]) == (400, "invalid_request")
        assert ACCESS_TOKEN in answer.json()["error_description"]


# Pages


@pytest.mark.parametrize("engine", ["classic"])
@pytest.mark.parametrize("with_uris", [True, False])
async def test_the_consent_page_shows_what_the_app_says_of_itself(
    org: MockOkta, visitor: Visitor, *, with_uris: bool
) -> None:
    uris = {
        "logo_uri": f"{org.url}/logo.png",
        "client_uri": "https://app.example.test/",
        "tos_uri": "https://app.example.test/terms",
        "policy_uri": "https://app.example.test/privacy",
    }
    seed = {
        "clients": [
            {
                "name": "Asking",
                "type": "spa",
                "client_id": "0oa1ask00000000000h7",
                "consent_method": "REQUIRED",
                "login_redirect_uris": [CALLBACK],
                **(uris if with_uris else {}),
            }
        ],
        "authorization_servers": [
            {"id": "default", "scopes": [{"name": "must", "consent": "REQUIRED"}]}
        ],
    }
    assert (await visitor.ask("PUT", "/_mock/seed", json=seed)).status == 200
    await visitor.sign_in()
    asked = {"client_id": "0oa1ask00000000000h7", "scope": "openid must"}
    dialog = await visitor.authorize(asked)
    shown = [uri for uri in uris.values() if f'"{uri}"' in dialog.text]
    assert shown == (list(uris.values()) if with_uris else [])
    token = dialog.text.partition('data-state-token="')[2].partition('"')[0]
    state = await visitor.ask("POST", "/api/v1/authn/introspect", json={"stateToken": token})
    links = state.json()["_embedded"]["target"]["_links"]
    names = ("logo", "client-uri", "terms-of-service", "privacy-policy")
    expected = {
        name: {"href": uri} for name, uri in zip(names, uris.values(), strict=True) if with_uris
    }
    assert links == expected

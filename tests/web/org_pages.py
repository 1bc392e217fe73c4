"""Every page that the org makes, by its template, and how a browser comes to it."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

import msgspec

from mock_okta import Scope, Seed, SeedAuthorizationServer, SeedClient, SeedIdentityProvider
from tests.oauth.devices import TV, decide, device_org, question_for, start
from tests.visiting import CALLBACK, SEED, SPA, Answer, Visitor

ASKING, PROVIDER = "0oa1ask00000000000h7", "0oa1idp00000000000h7"
SIGN_IN, HOME = "/login/login.htm", "/app/UserHome"

PAGES_SEED: Seed = msgspec.structs.replace(
    SEED,
    clients=(
        *SEED.clients,
        *(client for client in device_org().seed.clients if client.client_id == TV),
        SeedClient(
            name="App that asks",
            type="spa",
            client_id=ASKING,
            consent_method="REQUIRED",
            login_redirect_uris=(CALLBACK,),
        ),
    ),
    authorization_servers=(
        SeedAuthorizationServer(
            id="default", scopes=(Scope(name="must", description="Must", consent="REQUIRED"),)
        ),
    ),
    identity_providers=(SeedIdentityProvider(name="Partner", id=PROVIDER),),
)
"""An org that has something to show on each of its pages."""


async def _consent(visitor: Visitor) -> Answer:
    await visitor.sign_in()
    return await visitor.authorize({"client_id": ASKING, "scope": "openid must"})


async def _home(visitor: Visitor) -> Answer:
    await visitor.sign_in()
    return await visitor.ask("GET", HOME)


async def _question(visitor: Visitor) -> Answer:
    await visitor.sign_in()
    return await question_for(visitor, (await start(visitor))["user_code"])


async def _activated(visitor: Visitor) -> Answer:
    return await decide(visitor, await _question(visitor), "allow")


async def _returned_by(visitor: Visitor, mode: str) -> Answer:
    await visitor.sign_in()
    return await visitor.authorize({"client_id": SPA, "scope": "openid", "response_mode": mode})


def _at(path: str) -> "Way":
    return lambda visitor: visitor.ask("GET", path)


Way = Callable[[Visitor], Awaitable[Answer]]
WAYS: Mapping[str, Way] = {
    "activate.html": _at("/activate"),
    "activate_confirm.html": _question,
    "activated.html": _activated,
    "consent.html": _consent,
    "device_fingerprint.html": _at("/auth/services/devicefingerprint"),
    "error.html": _at(f"/oauth2/default/v1/authorize?{urlencode({'client_id': 'nobody'})}"),
    "form_post.html": lambda visitor: _returned_by(visitor, "form_post"),
    "help.html": _at("/help/login"),
    "home.html": _home,
    "identity_provider.html": _at(f"/idp/{PROVIDER}"),
    "okta_post_message.html": lambda visitor: _returned_by(visitor, "okta_post_message"),
    "sign_in.html": _at(SIGN_IN),
}
FRAMED_BY_ANYBODY = ("device_fingerprint.html", "form_post.html", "okta_post_message.html")

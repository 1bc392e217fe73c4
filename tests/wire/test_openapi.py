"""Answers fit Okta's published description, but for what is listed here by name.

Few of its schemas require anything, so this proves no likeness: the golden bodies do.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from mock_okta import Config, SeedClient
from tests.visiting import APP, CALLBACK, CHALLENGE, SECRET, SEED, SERVICE, SPA, WEB, Visitor
from tests.wire.openapi import Description, Exchange

DIRECTORY = os.environ.get("OKTA_OPENAPI_DIR")
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
AS_SERVICE = {
    "client_id": SERVICE,
    "client_secret": SECRET,
    "grant_type": "client_credentials",
    "scope": "messages.read",
}
TV = "0oa1tvs00000000000h7"

pytestmark = pytest.mark.skipif(
    not DIRECTORY, reason="OKTA_OPENAPI_DIR does not say where Okta's description is"
)

_BROWSER = "a browser's answers (redirects, pages) are not described"
_CUSTOM = "/oauth2/{authorizationServerId}/v1"
EXCEPTIONS = MappingProxyType(
    {
        "GET /oauth2/v1/authorize 302: the status is not described": _BROWSER,
        f"GET {_CUSTOM}/authorize 302: the status is not described": _BROWSER,
        f"GET {_CUSTOM}/authorize 400: the status is not described": _BROWSER,
        f"GET {_CUSTOM}/logout 302: the status is not described": _BROWSER,
        f"POST {_CUSTOM}/par 201: the status is not described": (
            "RFC 9126 2.2, which certified clients insist on; no traffic was seen"
        ),
    }
)
"""Departure -> why it stays."""


@dataclass(frozen=True)
class Recorder(Visitor):
    """A visitor that remembers what was asked and answered."""

    exchanges: list[Exchange] = field(default_factory=list)

    async def ask(self, method: str, url: str, **options: Any) -> Any:
        answer = await super().ask(method, url, **options)
        self.exchanges.append(Exchange(method, url, answer))
        return answer


@pytest.fixture
def config() -> Config:
    television = SeedClient(name="TV", type="native", client_id=TV, grant_types=(DEVICE_CODE,))
    return Config(seed=msgspec.structs.replace(SEED, clients=(*SEED.clients, television)))


@pytest.fixture
def recorder(visitor: Visitor) -> Recorder:
    return Recorder(visitor.org, visitor.http)


async def what_anybody_reads(visitor: Visitor) -> None:
    for path in (
        "/.well-known/openid-configuration",
        "/oauth2/default/.well-known/openid-configuration",
        "/oauth2/default/.well-known/oauth-authorization-server",
        "/oauth2/v1/keys",
        "/oauth2/default/v1/keys",
        f"/oauth2/default/.well-known/openid-configuration?client_id={SPA}",
        "/oauth2/default/.well-known/openid-configuration?client_id=unknown",
        "/oauth2/unknown/.well-known/openid-configuration",
    ):
        await visitor.ask("GET", path)


async def a_user_signs_in(visitor: Visitor, server: str) -> None:
    tokens = await visitor.tokens(server=server)
    await visitor.userinfo(tokens["access_token"], server=server)
    await visitor.userinfo("no token", server=server)
    for kind in ("access_token", "id_token", "refresh_token"):
        await visitor.introspect(tokens[kind], server=server)
    await visitor.refresh(tokens["refresh_token"], server=server)
    await visitor.post(
        "revoke", {"client_id": SPA, "token": tokens["refresh_token"]}, server=server
    )
    await visitor.refresh(tokens["refresh_token"], server=server)
    await visitor.introspect(tokens["access_token"], server=server)
    out = f"id_token_hint={tokens['id_token']}&post_logout_redirect_uri={APP}"
    await visitor.ask("GET", f"{visitor.url('logout')}?{out}")


async def at_the_custom_server(visitor: Visitor) -> None:
    await a_user_signs_in(visitor, "default")


async def at_the_orgs_own_server(visitor: Visitor) -> None:
    tokens = await visitor.tokens(server="org")
    await visitor.userinfo(tokens["access_token"], server="org")
    await visitor.refresh(tokens["refresh_token"], server="org")
    await visitor.introspect(tokens["access_token"], server="org")


async def other_grants(visitor: Visitor) -> None:
    await visitor.post("token", AS_SERVICE)
    started = await visitor.post("device/authorize", {"client_id": TV, "scope": "openid"})
    code = started.json()["device_code"]
    await visitor.post("token", {"grant_type": DEVICE_CODE, "client_id": TV, "device_code": code})


async def a_pushed_request(visitor: Visitor) -> None:
    form = {
        "client_id": WEB,
        "client_secret": SECRET,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    await visitor.post("par", form)
    await visitor.post("par", form | {"scope": "made_up"})
    await visitor.post("par", form | {"client_secret": "wrong"})


async def refusals(visitor: Visitor) -> None:
    for change in (
        {"client_id": None},
        {"client_id": "unknown"},
        {"client_secret": "wrong"},
        {"grant_type": None},
        {"grant_type": "made_up"},
        {"code": "made_up"},
    ):
        await visitor.redeem("no code", change)
    for endpoint in ("introspect", "revoke", "device/authorize"):
        await visitor.post(endpoint, {})
        await visitor.post(endpoint, {"client_id": SPA})
    await visitor.authorize({"client_id": "unknown"})
    service = await visitor.post("token", AS_SERVICE)
    await visitor.userinfo(service.json()["access_token"])


VISITS: tuple[Callable[[Visitor], Any], ...] = (
    what_anybody_reads,
    at_the_custom_server,
    at_the_orgs_own_server,
    other_grants,
    a_pushed_request,
    refusals,
)


async def test_answers_fit_the_description_but_for_the_exceptions(recorder: Recorder) -> None:
    description = Description(Path(DIRECTORY or ""))

    for visit in VISITS:
        await visit(recorder)

    described = [e for e in recorder.exchanges if "/oauth2/" in e.url or "/.well-known/" in e.url]
    found = {name for exchange in described for name in description.departures(exchange)}
    assert len(described) > 40
    assert found - set(EXCEPTIONS) == set(), "new departures"
    assert set(EXCEPTIONS) - found == set(), "stale exceptions"

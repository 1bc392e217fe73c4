"""An app that signs its user in by the Identity Engine, on the side of OAuth.

How the user proves who they are is the engine's: here a sign-in that is over is put into storage.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mock_okta import Config, MockOkta, SeedAuthorizationServer, SeedClient
from mock_okta.clock import Clock
from mock_okta.model.interactions import InteractionCode
from mock_okta.storage import Storage, in_memory
from tests.visiting import (
    BOUND,
    CALLBACK,
    CHALLENGE,
    IMPLICIT_ONLY,
    SEED,
    SPA,
    USER_ID,
    VERIFIER,
    Answer,
    Change,
    Visitor,
)

GRANT = "interaction_code"
NATIVE = "0oa1nat00000000000h7"


def interacting() -> Config:
    """The usual org on the Identity Engine, whose apps may sign users in by it."""
    clients = [_interacting(client) for client in SEED.clients]
    native = SeedClient(
        name="Native",
        type="native",
        client_id=NATIVE,
        login_redirect_uris=(CALLBACK,),
        grant_types=(GRANT,),
    )
    seed = msgspec.structs.replace(SEED, clients=(*clients, native))
    return Config(seed=seed, engine="identity")


def with_server(config: Config, server: SeedAuthorizationServer) -> Config:
    """The same with another server in the place of `default`."""
    others = tuple(each for each in config.seed.authorization_servers if each.id != server.id)
    seed = msgspec.structs.replace(config.seed, authorization_servers=(server, *others))
    return replace(config, seed=seed)


def with_client(config: Config, client_id: str, **changes: Any) -> Config:
    """The same with an app that is changed."""
    clients = tuple(
        msgspec.structs.replace(each, **changes) if each.client_id == client_id else each
        for each in config.seed.clients
    )
    return replace(config, seed=msgspec.structs.replace(config.seed, clients=clients))


def _interacting(client: SeedClient) -> SeedClient:
    if client.type == "service" or client.client_id in (IMPLICIT_ONLY, BOUND):
        return client
    grant_types = (*client.allowed_grant_types, GRANT)
    return msgspec.structs.replace(client, grant_types=grant_types)


def keep_storage(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[Clock], Storage] = in_memory
) -> list[Storage]:
    """Return a list that gets the storage of each org that starts from now on."""
    kept: list[Storage] = []

    def opened(clock: Clock) -> Storage:
        kept.append(make(clock))
        return kept[-1]

    monkeypatch.setattr("mock_okta.process.server.in_memory", opened)
    return kept


@dataclass(frozen=True)
class App:
    """An app of the org that its visitor visits."""

    visitor: Visitor
    storage: Storage

    @property
    def org(self) -> MockOkta:
        return self.visitor.org

    async def interact(
        self, change: Change | None = None, *, server: str = "default", **options: Any
    ) -> Answer:
        """Ask /interact as okta-auth-js does for the SPA, but for the change."""
        good = {
            "client_id": SPA,
            "scope": "openid profile email offline_access",
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "state-1",
            "nonce": "nonce-1",
        }
        return await self.visitor.post(
            "interact", good | dict(change or {}), server=server, **options
        )

    async def handle(self, change: Change | None = None, *, server: str = "default") -> str:
        """A fresh interaction handle."""
        answer = await self.interact(change, server=server)
        assert answer.status == 200, answer.text
        handle: str = answer.json()["interaction_handle"]
        return handle

    async def code(
        self, change: Change | None = None, *, server: str = "default", **proved: Any
    ) -> str:
        """The code of an interaction that ended well; `proved`: what differs of the record."""
        handle = await self.handle(change, server=server)
        interaction = await self.storage.interactions.get(handle)
        assert interaction is not None
        now = self.org.clock.now()
        ended = InteractionCode(
            interaction=interaction,
            user_id=USER_ID,
            amr=("pwd",),
            authenticated_at=now,
            expires_at=now + timedelta(seconds=60),
        )
        code = f"code-of-{handle}"
        await self.storage.interaction_codes.put(code, msgspec.structs.replace(ended, **proved))
        return code

    async def redeem(
        self, code: str, change: Change | None = None, *, server: str = "default", **options: Any
    ) -> Answer:
        """Redeem a code as okta-auth-js does for the SPA, but for the change."""
        good = {
            "client_id": SPA,
            "redirect_uri": CALLBACK,
            "grant_type": GRANT,
            "code_verifier": VERIFIER,
            "interaction_code": code,
        }
        return await self.visitor.post("token", good | dict(change or {}), server=server, **options)

    async def tokens(
        self, change: Change | None = None, *, server: str = "default", **proved: Any
    ) -> dict[str, Any]:
        """The token response for a sign-in of the SPA."""
        answer = await self.redeem(await self.code(change, server=server, **proved), server=server)
        body: dict[str, Any] = answer.json()
        assert answer.status == 200, body
        return body

"""A device without a keyboard, and the person who allows it on another."""

from typing import Any
from urllib.parse import urlencode

from mock_okta import (
    Config,
    Scope,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
)
from tests.visiting import CALLBACK, OTHER_LOGIN, SECRET, SEED, Answer, Change, Visitor

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TV, WEB, CODE_ONLY = "0oa1tel00000000000h7", "0oa1web00000000000h7", "0oa1cod00000000000h7"
ASSIGNED = "0oa1ass00000000000h7"


def _native(name: str, client_id: str, *grant_types: str, **settings: Any) -> SeedClient:
    return SeedClient(
        name=name,
        type="native",
        client_id=client_id,
        login_redirect_uris=(CALLBACK,),
        grant_types=grant_types,
        **settings,
    )


def device_org() -> Config:
    """An org with a television, and with servers whose policies differ."""
    code_only = SeedPolicy(rules=(SeedRule(grant_types=("authorization_code",)),))
    short = SeedPolicy(rules=(SeedRule(access_token_lifetime_minutes=5),))
    return Config(
        seed=Seed(
            users=SEED.users,
            clients=(
                _native("TV <b>set</b>", TV, "authorization_code", "refresh_token", GRANT),
                _native("Code only", CODE_ONLY, "authorization_code", "refresh_token"),
                _native("Assigned", ASSIGNED, GRANT, assigned_users=(OTHER_LOGIN,)),
                SeedClient(
                    name="Web",
                    type="web",
                    client_id=WEB,
                    client_secret=SECRET,
                    grant_types=(GRANT,),
                ),
            ),
            authorization_servers=(
                SeedAuthorizationServer(id="default", scopes=(Scope(name="usual", default=True),)),
                SeedAuthorizationServer(id="bare"),
                SeedAuthorizationServer(id="short", policies=(short,)),
                SeedAuthorizationServer(id="strict", policies=(code_only,)),
            ),
        )
    )


async def start(
    visitor: Visitor, change: Change | None = None, server: str = "default"
) -> dict[str, Any]:
    good = {"client_id": TV, "scope": "openid profile offline_access"}
    answer = await visitor.post("device/authorize", good | dict(change or {}), server=server)
    body: dict[str, Any] = answer.json()
    assert answer.status == 200, body
    return body


async def poll(
    visitor: Visitor, device_code: str, change: Change | None = None, server: str = "default"
) -> Answer:
    good = {"grant_type": GRANT, "client_id": TV, "device_code": device_code}
    return await visitor.post("token", good | dict(change or {}), server=server)


async def question_for(visitor: Visitor, user_code: str) -> Answer:
    """What a browser is shown that sends the code form."""
    shown = await visitor.ask("GET", "/activate")
    assert shown.form.method == "get"
    return await visitor.ask("GET", f"{shown.form.action}?{urlencode({'user_code': user_code})}")


async def decide(visitor: Visitor, question: Answer, decision: str | None) -> Answer:
    form = question.form
    assert form.method == "post"
    decided = {} if decision is None else {"decision": decision}
    return await visitor.ask("POST", form.action, data={**form.fields, **decided})


async def allow_device(visitor: Visitor, user_code: str, decision: str = "allow") -> Answer:
    """The whole of the person's part."""
    await visitor.sign_in()
    return await decide(visitor, await question_for(visitor, user_code), decision)


def error_of(answer: Answer) -> str:
    assert answer.status == 400, answer.text
    body = answer.json()
    assert list(body) == ["error", "error_description"]
    error: str = body["error"]
    return error

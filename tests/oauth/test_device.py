"""Device authorization (RFC 8628; contract D.9, E.5): the device, and the person who allows it."""

import asyncio
import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
    SeedScope,
)
from mock_okta.storage import MemoryStorage
from mock_okta.storage.memory import MemoryCollection
from tests.visiting import (
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SECRET,
    SEED,
    USER_ID,
    Answer,
    Change,
    Visitor,
    claims_of,
)

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TV, WEB, CODE_ONLY = "0oa1tel00000000000h7", "0oa1web00000000000h7", "0oa1cod00000000000h7"
ASSIGNED = "0oa1ass00000000000h7"
CALLERS = 64
SPENT = "The device code is invalid or has expired."
PENDING = "The device authorization is pending. Please try again later."
OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
NO_SCOPE = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
NOT_AUTHORIZED = (
    "The client is not authorized to use the provided grant type. "
    "Configured grant types: [authorization_code, refresh_token]."
)


def _native(name: str, client_id: str, *grant_types: str, **settings: Any) -> SeedClient:
    return SeedClient(
        name=name,
        type="native",
        client_id=client_id,
        login_redirect_uris=(CALLBACK,),
        grant_types=grant_types,
        **settings,
    )


@pytest.fixture
def config() -> Config:
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
                SeedAuthorizationServer(
                    id="default", scopes=(SeedScope(name="usual", default=True),)
                ),
                SeedAuthorizationServer(id="bare"),
                SeedAuthorizationServer(id="short", policies=(short,)),
                SeedAuthorizationServer(id="strict", policies=(code_only,)),
            ),
        )
    )


async def _start(
    visitor: Visitor, change: Change | None = None, server: str = "default"
) -> dict[str, Any]:
    good = {"client_id": TV, "scope": "openid profile offline_access"}
    answer = await visitor.post("device/authorize", good | dict(change or {}), server=server)
    body: dict[str, Any] = answer.json()
    assert answer.status == 200, body
    return body


async def _poll(
    visitor: Visitor, device_code: str, change: Change | None = None, server: str = "default"
) -> Answer:
    good = {"grant_type": GRANT, "client_id": TV, "device_code": device_code}
    return await visitor.post("token", good | dict(change or {}), server=server)


async def _question(visitor: Visitor, user_code: str) -> Answer:
    """What a browser is shown that sends the code form."""
    shown = await visitor.ask("GET", "/activate")
    assert shown.form.method == "get"
    return await visitor.ask("GET", f"{shown.form.action}?{urlencode({'user_code': user_code})}")


async def _decide(visitor: Visitor, question: Answer, decision: str | None) -> Answer:
    form = question.form
    assert form.method == "post"
    decided = {} if decision is None else {"decision": decision}
    return await visitor.ask("POST", form.action, data={**form.fields, **decided})


async def _allow(visitor: Visitor, user_code: str, decision: str = "allow") -> Answer:
    """The whole of the person's part."""
    await visitor.sign_in()
    return await _decide(visitor, await _question(visitor, user_code), decision)


def _error(answer: Answer) -> str:
    assert answer.status == 400, answer.text
    body = answer.json()
    assert list(body) == ["error", "error_description"]
    error: str = body["error"]
    return error


# The device asks


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_device_gets_two_codes_in_okta_s_shapes(
    org: MockOkta, visitor: Visitor, server: str
) -> None:
    body = await _start(visitor, server=server)
    user_code = body["user_code"]
    assert list(body.items()) == [
        ("user_code", user_code),
        ("device_code", body["device_code"]),
        ("interval", 5),
        ("verification_uri_complete", f"{org.url}/activate?user_code={user_code}"),
        ("verification_uri", f"{org.url}/activate"),
        ("expires_in", 600),
    ]
    assert re.fullmatch("[B-DF-HJ-NP-TV-XZ]{8}", user_code)
    assert str(uuid.UUID(body["device_code"], version=4)) == body["device_code"]


@pytest.mark.parametrize(
    ("server", "change", "error", "description"),
    [
        ("default", {"client_id": None}, "invalid_client", "No client credentials found."),
        (
            "default",
            {"client_id": WEB, "client_secret": "wrong"},
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        ),
        ("default", {"client_id": CODE_ONLY}, "unauthorized_client", NOT_AUTHORIZED),
        (
            "default",
            {"scope": "openid made_up"},
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ),
        (
            "org",
            {"scope": "usual"},
            "invalid_scope",
            "Custom scopes are not allowed for this request.",
        ),
        (
            "bare",
            {"scope": None},
            "invalid_scope",
            NO_SCOPE,
        ),
        (
            "default",
            {"scope": "profile"},
            "access_denied",
            OPENID,
        ),
        (
            "default",
            {"scope": ["openid", "openid"]},
            "invalid_request",
            "The device authorization request has a repeated 'scope' parameter.",
        ),
    ],
)
async def test_what_a_device_is_refused(
    visitor: Visitor, server: str, change: Change, error: str, description: str
) -> None:
    good = {"client_id": TV, "scope": "openid"}
    answer = await visitor.post("device/authorize", good | dict(change), server=server)
    assert answer.status == (401 if error == "invalid_client" else 400)
    assert answer.json() == {"error": error, "error_description": description}


async def test_an_unknown_client_is_refused_in_okta_s_own_shape(visitor: Visitor) -> None:
    answer = await visitor.post("device/authorize", {"client_id": "made_up", "scope": "openid"})
    assert (answer.status, answer.json()["errorCode"]) == (401, "invalid_client")


# It polls


@pytest.mark.parametrize("server", ["default", "org"])
async def test_once_allowed_the_device_gets_the_tokens_of_the_code_flow(
    visitor: Visitor, server: str
) -> None:
    device = await _start(visitor, server=server)
    result = await _allow(visitor, device["user_code"])
    assert (result.status, "Device activated" in result.text) == (200, True)
    body = (await _poll(visitor, device["device_code"], server=server)).json()
    assert list(body) == [
        *("token_type", "expires_in", "access_token", "scope", "refresh_token", "id_token")
    ]
    claims, about = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (claims["sub"], claims["uid"], claims["cid"]) == (LOGIN, USER_ID, TV)
    assert (about["sub"], about["aud"], about["amr"]) == (USER_ID, TV, ["pwd"])
    renewed = await visitor.refresh(body["refresh_token"], {"client_id": TV}, server=server)
    assert renewed.status == 200


async def test_default_scopes_confidential_clients_and_policy_s_lifetimes(
    visitor: Visitor,
) -> None:
    proof = {"client_id": WEB, "client_secret": SECRET}
    device = await _start(visitor, {**proof, "scope": None})
    await _allow(visitor, device["user_code"])
    body = (await _poll(visitor, device["device_code"], proof)).json()
    assert (body["scope"], body["expires_in"]) == ("usual", 3600)
    device = await _start(visitor, server="short")
    await _allow(visitor, device["user_code"])
    body = (await _poll(visitor, device["device_code"], server="short")).json()
    assert body["expires_in"] == 300


async def test_who_polls_within_the_interval_is_to_slow_down(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    device_code = (await _start(visitor))["device_code"]
    steps = ((0, "authorization_pending"), (4.9, "slow_down"), (5, "authorization_pending"))
    for seconds, error in (*steps, (0, "slow_down"), (4.9, "slow_down"), (5.1, steps[0][1])):
        org.clock.advance(timedelta(seconds=seconds))
        assert _error(await _poll(visitor, device_code)) == error


async def test_what_is_pending_is_said_in_okta_s_words(visitor: Visitor) -> None:
    answer = await _poll(visitor, (await _start(visitor))["device_code"])
    assert answer.status == 400
    assert answer.json() == {"error": "authorization_pending", "error_description": PENDING}


async def test_whose_turn_has_come_need_not_slow_down(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    device = await _start(visitor)
    assert _error(await _poll(visitor, device["device_code"])) == "authorization_pending"
    await _allow(visitor, device["user_code"])
    assert (await _poll(visitor, device["device_code"])).status == 200


async def test_both_codes_end_after_ten_minutes(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    waiting, allowed = await _start(visitor), await _start(visitor)
    await _allow(visitor, allowed["user_code"])
    question = await _question(visitor, waiting["user_code"])
    org.clock.advance(timedelta(seconds=599))
    assert _error(await _poll(visitor, waiting["device_code"])) == "authorization_pending"
    org.clock.advance(timedelta(seconds=1))
    for device in (waiting, allowed):
        assert _error(await _poll(visitor, device["device_code"])) == "expired_token"
    assert (await _decide(visitor, question, "allow")).status == 400
    assert "Invalid code" in (await _question(visitor, waiting["user_code"])).text


async def test_a_denied_device_hears_so(visitor: Visitor) -> None:
    device = await _start(visitor)
    result = await _allow(visitor, device["user_code"], "deny")
    assert "Device not activated" in result.text
    for _ in range(2):
        assert _error(await _poll(visitor, device["device_code"])) == "access_denied"


@pytest.mark.parametrize(
    ("change", "server", "error"),
    [
        ({"device_code": None}, "default", "invalid_request"),
        ({"device_code": str(uuid.UUID(int=1))}, "default", "invalid_grant"),
        ({"client_id": ASSIGNED}, "default", "invalid_grant"),
        ({"client_id": CODE_ONLY}, "default", "unauthorized_client"),
        ({}, "bare", "invalid_grant"),
        ({}, "org", "invalid_grant"),
    ],
)
async def test_a_device_code_is_for_its_own_client_and_server(
    visitor: Visitor, change: Change, server: str, error: str
) -> None:
    device = await _start(visitor)
    await _allow(visitor, device["user_code"])
    assert _error(await _poll(visitor, device["device_code"], change, server)) == error
    assert (await _poll(visitor, device["device_code"])).status == 200  # nothing burnt it


async def test_a_device_code_works_once(visitor: Visitor) -> None:
    device = await _start(visitor)
    await _allow(visitor, device["user_code"])
    assert (await _poll(visitor, device["device_code"])).status == 200
    again = await _poll(visitor, device["device_code"])
    assert again.json() == {"error": "invalid_grant", "error_description": SPENT}


class _ReadThenDelete(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """What `take` must not be: a read and a delete, with an await between."""

    async def take(self, key: str) -> object:
        record = await self.get(key)
        await asyncio.sleep(0)
        self._records.pop(key, None)
        return record


class _LeakyStorage(MemoryStorage):
    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.device_authorizations = _ReadThenDelete(clock)


async def _winners(config: Config, pool: KeyPool) -> int:
    """How many of the callers, each on a connection of its own, get tokens for one code."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        MockOkta(config, key_pool=pool) as org,
        aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http,
    ):
        visitor = Visitor(org, http)
        device = await _start(visitor)
        await _allow(visitor, device["user_code"])
        code = device["device_code"]
        answers = await asyncio.gather(*(_poll(visitor, code) for _ in range(CALLERS)))
        assert {answer.json().get("error") for answer in answers} <= {None, "invalid_grant"}
        return sum(answer.status == 200 for answer in answers)


async def test_of_64_at_once_exactly_one_gets_the_tokens(
    config: Config, shared_pool: KeyPool
) -> None:
    assert await _winners(config, shared_pool) == 1


async def test_more_would_if_take_were_a_read_and_a_delete(
    config: Config, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_okta.server.MemoryStorage", _LeakyStorage)
    assert await _winners(config, shared_pool) > 1


# The person allows it


async def test_the_link_fills_the_code_in_but_takes_nothing_unseen(visitor: Visitor) -> None:
    device = await _start(visitor)
    await visitor.sign_in()
    shown = await visitor.ask("GET", device["verification_uri_complete"])
    assert shown.form.fields == {"user_code": device["user_code"]}
    assert _error(await _poll(visitor, device["device_code"])) == "authorization_pending"


async def test_who_is_not_signed_in_signs_in_first(visitor: Visitor) -> None:
    device = await _start(visitor)
    sent = urlsplit((await _question(visitor, device["user_code"])).location)
    back = f"/activate/confirm?user_code={device['user_code']}"
    assert (sent.path, parse_qs(sent.query)) == ("/login/login.htm", {"fromURI": [back]})
    form = (await visitor.ask("GET", sent.geturl())).form
    fields = {**form.fields, "username": LOGIN, "password": PASSWORD}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    question = await visitor.ask("GET", signed_in.location)
    assert "Device activated" in (await _decide(visitor, question, "allow")).text
    assert (await _poll(visitor, device["device_code"])).status == 200


async def test_the_question_names_what_is_asked_and_by_whom(visitor: Visitor) -> None:
    device = await _start(visitor)
    await visitor.sign_in()
    question = await _question(visitor, device["user_code"])
    assert question.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert "TV &lt;b&gt;set&lt;/b&gt;" in question.text
    for shown in (device["user_code"], LOGIN, *("openid", "profile", "offline_access")):
        assert shown in question.text
    assert "<script" not in question.text


async def test_a_code_may_be_typed_in_any_way(visitor: Visitor) -> None:
    code = (await _start(visitor))["user_code"]
    await visitor.sign_in()
    for typed in (code.lower(), f" {code[:4]}-{code[4:]} ", f"{code[:4]} {code[4:]}"):
        assert code in (await _question(visitor, typed)).text


@pytest.mark.parametrize("typed", ["", "BCDFGHJK", "\"><script>alert('1')</script>", "\x00ä"])
async def test_a_code_that_no_device_shows_is_asked_for_again(visitor: Visitor, typed: str) -> None:
    await visitor.sign_in()
    answer = await _question(visitor, typed)
    assert (answer.status, "Invalid code" in answer.text) == (400, True)
    assert answer.form.action == "/activate/confirm"
    assert "<script" not in answer.text


async def test_a_code_is_decided_on_once(visitor: Visitor) -> None:
    device = await _start(visitor)
    await visitor.sign_in()
    questions = [await _question(visitor, device["user_code"]) for _ in range(2)]
    assert (await _decide(visitor, questions[0], "deny")).status == 200
    for question in questions:
        assert (await _decide(visitor, question, "allow")).status == 400
    assert "Invalid code" in (await _question(visitor, device["user_code"])).text
    assert _error(await _poll(visitor, device["device_code"])) == "access_denied"


async def test_no_decision_is_no_consent(visitor: Visitor) -> None:
    device = await _start(visitor)
    await visitor.sign_in()
    await _decide(visitor, await _question(visitor, device["user_code"]), None)
    assert _error(await _poll(visitor, device["device_code"])) == "access_denied"


async def test_only_the_page_itself_can_decide(
    org: MockOkta, visitor: Visitor, a_visitor: Any
) -> None:
    device = await _start(visitor)
    stranger = a_visitor()
    await visitor.sign_in()
    await stranger.sign_in(OTHER_LOGIN)
    form = (await _question(visitor, device["user_code"])).form
    stranger_s = await _question(stranger, device["user_code"])
    strangers_key = stranger_s.form.fields["key"]
    allow = {"decision": "allow", "user_code": device["user_code"]}
    for forged in (allow, {**allow, "key": "made_up"}, {**allow, "key": strangers_key}):
        assert (await visitor.ask("POST", form.action, data=forged)).status == 400
    assert (await _decide(stranger, stranger_s, "allow")).status == 400  # the key was tried before
    query = urlencode({**allow, **form.fields})
    await visitor.ask("GET", f"{form.action}?{query}")  # shows the question, decides nothing
    assert _error(await _poll(visitor, device["device_code"])) == "authorization_pending"
    await visitor.ask("GET", "/login/signout")
    assert (await visitor.ask("POST", form.action, data={**form.fields, **allow})).status == 400
    org.clock.advance(timedelta(seconds=5))
    assert _error(await _poll(visitor, device["device_code"])) == "authorization_pending"


@pytest.mark.parametrize(
    ("change", "server", "description"),
    [
        ({"client_id": ASSIGNED}, "default", "User is not assigned to the client application."),
        (
            {},
            "strict",
            "Policy evaluation failed for this request, please check the policy configurations.",
        ),
    ],
)
async def test_assignment_and_policy_are_asked_when_the_user_is_known(
    visitor: Visitor, change: Change, server: str, description: str
) -> None:
    device = await _start(visitor, {"scope": "openid", **change}, server)
    result = await _allow(visitor, device["user_code"])
    assert (result.status, description in result.text) == (400, True)
    assert _error(await _poll(visitor, device["device_code"], change, server)) == "access_denied"


async def test_discovery_names_the_endpoint_and_the_grant(visitor: Visitor) -> None:
    for server, prefix in (("org", ""), ("default", "/oauth2/default")):
        path = f"{prefix}/.well-known/openid-configuration"
        found = (await visitor.ask("GET", path)).json()
        endpoint = found["device_authorization_endpoint"]
        assert endpoint == visitor.url("device/authorize", server)
        assert found["grant_types_supported"][-1] == GRANT

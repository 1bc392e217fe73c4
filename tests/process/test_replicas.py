"""Two processes serve one org: whatever a walk begins at one, it goes on at the other."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

import aiohttp
import pyotp
import pytest

from tests.authn.proving import CALL, EMAIL, GOOGLE, OKTA, PUSH, QUESTION, SMS, Proving
from tests.authn.security_keys import SecurityKey
from tests.control.test_events import Listener
from tests.idx.enrolling import Enrolling
from tests.idx.sample_screens import sent
from tests.oauth.devices import allow_device, error_of, poll, start
from tests.oauth.holding import NEEDS_NONCE, USED, Holder
from tests.process.replicas import Replicas, TakingTurns, replicated
from tests.storage.redis_server import redis_server
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, SPA, header_of

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("replicas")]
TOKEN = {"factor": "custom_otp", "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}


@pytest.fixture(scope="module", params=["sqlite", "redis"])
def replicas(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    folder = tmp_path_factory.mktemp("replicas")
    if request.param == "sqlite":
        with replicated(f"sqlite:{folder / 'org.sqlite'}", folder) as both:
            yield both
        return
    with redis_server(folder / "redis") as server, replicated(server.url(), folder) as both:
        yield both


@pytest.fixture
async def visitor(replicas: Replicas) -> AsyncIterator[TakingTurns]:
    """A browser that asks each replica in turn, of an org as the seed has it."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        visitor = TakingTurns(replicas, http)
        assert (await visitor.ask("POST", "/_mock/reset")).status == 204
        yield visitor


async def approve_the_push(visitor: TakingTurns) -> None:
    (push,) = (await visitor.ask("GET", "/_mock/push")).json()["pushes"]
    answer = await visitor.ask("POST", f"/_mock/push/{push['id']}", json={"answer": "approve"})
    assert answer.status < 300, answer.text


@pytest.mark.parametrize(("factor", "channel"), [(SMS, "sms"), (CALL, "call"), (EMAIL, "email")])
async def test_a_passcode_that_one_sends_the_other_takes(
    visitor: TakingTurns, factor: dict[str, str], channel: str
) -> None:
    proving = Proving(visitor)
    await proving.seed(factor)
    state = await proving.challenged()
    state = await proving.go(state, passCode=await proving.sent(channel))
    assert state["status"] == "SUCCESS"


@pytest.mark.parametrize("factor", [GOOGLE, OKTA, TOKEN])
async def test_a_generated_passcode_is_good_once_at_either(
    visitor: TakingTurns, factor: dict[str, str]
) -> None:
    proving = Proving(visitor)
    await proving.seed(factor)
    secret = (await proving.factors())[factor["factor"]]["secret"]
    passcode = pyotp.TOTP(secret).now()
    assert (await proving.verify(await proving.start(), passCode=passcode)).status == 200
    assert (await proving.verify(await proving.start(), passCode=passcode)).status == 403


async def test_a_question_is_answered(visitor: TakingTurns) -> None:
    proving = Proving(visitor)
    await proving.seed(QUESTION)
    answer = await proving.verify(await proving.start(), answer="beetroot")
    assert answer.json()["status"] == "SUCCESS"


async def test_a_push_is_waited_for_at_both(visitor: TakingTurns) -> None:
    proving = Proving(visitor)
    await proving.seed(PUSH)
    state = await proving.challenged()
    for _ in range(2):
        state = await proving.go(state)
        assert state["factorResult"] == "WAITING"
    await approve_the_push(visitor)
    assert (await proving.go(state))["status"] == "SUCCESS"


async def test_a_security_key_is_enrolled_and_signs(visitor: TakingTurns) -> None:
    proving, key = Proving(visitor), SecurityKey(visitor.org.url)
    await proving.seed(enrollment={"required": ["fido_webauthn"]})
    state = await proving.enrolling("webauthn", "FIDO")
    activation = state["_embedded"]["factor"]["_embedded"]["activation"]
    state = await proving.go(state, **key.register(activation["challenge"]))
    assert state["status"] == "SUCCESS"
    state = await proving.challenged()
    challenge = state["_embedded"]["factor"]["_embedded"]["challenge"]["challenge"]
    assert (await proving.go(state, **key.sign(challenge)))["status"] == "SUCCESS"


async def test_wrong_passwords_at_either_lock_the_user_out(visitor: TakingTurns) -> None:
    proving = Proving(visitor)
    await proving.seed(lockout={"max_attempts": 4})
    for _ in range(4):
        assert (await proving.sign_in(password="wrong")).status == 401
    assert await proving.status() == "LOCKED_OUT"


async def test_the_identity_engine_mails_a_code(visitor: TakingTurns) -> None:
    enrolling = Enrolling(visitor)
    await sent("okta_email", "email", EMAIL)(enrolling)
    passcode = await enrolling.passcode()
    await enrolling.take("challenge-authenticator", credentials={"passcode": passcode})
    assert (await enrolling.tokens())["access_token"]


async def test_the_identity_engine_waits_for_a_push(visitor: TakingTurns) -> None:
    enrolling = Enrolling(visitor)
    await sent("okta_verify", "push", PUSH)(enrolling)
    assert (await enrolling.take("challenge-poll")).screen == "challenge-poll"
    await approve_the_push(visitor)
    await enrolling.take("challenge-poll")
    assert (await enrolling.tokens())["access_token"]


async def test_a_device_is_allowed_at_one_and_polls_at_the_other(visitor: TakingTurns) -> None:
    begun = await start(visitor)
    assert error_of(await poll(visitor, begun["device_code"])) == "authorization_pending"
    assert error_of(await poll(visitor, begun["device_code"])) == "slow_down"
    assert (await allow_device(visitor, begun["user_code"])).status in (200, 302)
    await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 60})
    assert (await poll(visitor, begun["device_code"])).status == 200
    assert error_of(await poll(visitor, begun["device_code"])) == "invalid_grant"


async def test_a_rate_limit_counts_what_both_answer(visitor: TakingTurns) -> None:
    limits = {"rate_limits": [{"path": "/api/v1/sessions", "limit": 3}]}
    await visitor.ask("PUT", "/_mock/clock", json={"frozen": True})
    assert (await visitor.ask("PUT", "/_mock/seed", json=limits)).status == 200
    answers = [await visitor.ask("GET", "/api/v1/sessions/me") for _ in range(5)]
    assert [each.status for each in answers] == [404, 404, 404, 429, 429]
    left = [each.headers["X-Rate-Limit-Remaining"] for each in answers]
    assert left == ["2", "1", "0", "0", "0"]


async def test_a_fault_is_met_as_often_as_planned_and_requests_of_both_are_recorded(
    visitor: TakingTurns,
) -> None:
    fault = {"kind": "status", "status": 503, "path": "*/v1/keys", "times": 3}
    planned = await visitor.ask("POST", "/_mock/faults", json=fault)
    assert planned.status < 300
    statuses = [(await visitor.ask("GET", visitor.url("keys"))).status for _ in range(5)]
    assert statuses == [503, 503, 503, 200, 200]
    for _ in range(2):
        recorded = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
        keys = [each for each in recorded if each["path"].endswith("/v1/keys")]
        assert [each["status"] for each in keys] == statuses
        (counted,) = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
        assert (counted["fired"], counted["left"]) == (3, 0)


async def test_the_outbox_is_the_org_s(visitor: TakingTurns) -> None:
    proving = Proving(visitor)
    for _ in range(2):
        assert (await proving.recover()).status == 200
    assert [len(await proving.outbox()) for _ in range(2)] == [2, 2]
    assert (await visitor.ask("DELETE", "/_mock/outbox")).status == 204
    assert [await proving.outbox() for _ in range(2)] == [[], []]


async def test_a_dpop_nonce_is_taken_by_both_and_a_proof_by_one(visitor: TakingTurns) -> None:
    holder = Holder(visitor)
    refused = [await holder.ask() for _ in range(2)]
    assert [each.json() for each in refused] == [NEEDS_NONCE, NEEDS_NONCE]
    nonces = {each.headers["dpop-nonce"] for each in refused}
    assert len(nonces) == 1
    (holder.nonce,) = nonces
    proof = holder.proof(visitor.url("token"))
    assert (await holder.ask(proof=proof)).status == 200
    assert (await holder.ask(proof=proof)).json()["error_description"] == USED
    redeemed = await holder.redeem()
    assert redeemed.json()["token_type"] == "DPoP"
    for _ in range(2):
        assert (await holder.userinfo(redeemed.json()["access_token"])).status == 200


async def test_a_key_that_one_rotates_both_sign_with(visitor: TakingTurns) -> None:
    before = [header_of((await visitor.tokens())["access_token"])["kid"] for _ in range(2)]
    body = {"authorization_server": "default"}
    assert (await visitor.ask("POST", "/_mock/keys/rotate", json=body)).status < 300
    published = [(await visitor.ask("GET", visitor.url("keys"))).json() for _ in range(2)]
    assert published[0] == published[1]
    kids = [key["kid"] for key in published[0]["keys"]]
    for _ in range(2):
        code = await visitor.code()
        await visitor.session_id()  # one request more: the other one redeems
        token = (await visitor.redeem(code)).json()["access_token"]
        assert header_of(token)["kid"] == kids[0]
    assert before[0] == before[1] != kids[0]
    assert before[0] in kids


async def test_a_clock_that_one_moves_both_follow(visitor: TakingTurns) -> None:
    tokens = await visitor.tokens()
    for _ in range(2):
        assert (await visitor.introspect(tokens["access_token"]))["active"] is True
    await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 7200})
    await visitor.ask("PUT", "/_mock/clock", json={"frozen": True})
    for _ in range(2):
        assert (await visitor.introspect(tokens["access_token"]))["active"] is False
    read = [(await visitor.ask("GET", "/_mock/clock")).json() for _ in range(2)]
    assert read[0] == read[1]


async def test_snapshots_and_a_reset_are_of_the_org(visitor: TakingTurns) -> None:
    tokens = await visitor.tokens()
    session = await visitor.sign_in()
    assert (await visitor.ask("PUT", "/_mock/snapshots/in")).status == 200
    assert (await visitor.ask("POST", "/_mock/reset")).status == 204
    assert [await visitor.session_id() for _ in range(2)] == [None, None]
    assert (await visitor.introspect(tokens["refresh_token"]))["active"] is False
    assert (await visitor.ask("POST", "/_mock/snapshots/in/restore")).status == 204
    cookie = {"Cookie": f"idx={session}"}
    for _ in range(2):
        answer = await visitor.ask("GET", "/api/v1/sessions/me", headers=cookie)
        assert answer.json()["id"] == session
    for _ in range(2):
        assert (await visitor.introspect(tokens["refresh_token"]))["active"] is True


async def test_a_pushed_request_is_carried_out_once(visitor: TakingTurns) -> None:
    pushed = {
        "client_id": SPA,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": "pushed",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    await visitor.sign_in()
    request_uri = (await visitor.post("par", pushed)).json()["request_uri"]
    path = f"{visitor.url('authorize')}?{urlencode({'client_id': SPA, 'request_uri': request_uri})}"
    answer = await visitor.ask("GET", path)
    assert answer.returned["state"] == "pushed"
    await visitor.session_id()
    assert (await visitor.redeem(answer.returned["code"])).status == 200
    assert "invalid_request_uri" in (await visitor.ask("GET", path)).text


async def test_what_one_changes_a_listener_at_the_other_hears(visitor: TakingTurns) -> None:
    here, there = visitor.org.places  # type: ignore[attr-defined] -- replicas have them
    async with visitor.http.get(f"{here}/_mock/events") as stream:
        listener = Listener(aiter(stream.content))
        assert (await listener.next())[0] == "hello"
        for kind, path, body in (
            ("clock", "/_mock/clock/advance", {"seconds": 60}),
            ("sessions", "/_mock/sessions", {"user": LOGIN}),
            ("users", f"/_mock/users/{LOGIN}/lifecycle/suspend", None),
        ):
            async with visitor.http.post(there + path, json=body) as answer:
                assert answer.status < 300
            while (await listener.next())[0] != kind:
                pass

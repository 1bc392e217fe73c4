"""Codes that are bound to a key: `dpop_jkt` at authorize and PAR, a proof at PAR (RFC 9449 10)."""

import pytest

from mock_okta import Config
from tests.oauth.holding import RSA, USED, Holder, dpop_org
from tests.visiting import CALLBACK, CHALLENGE, SPA, Answer, Change, Visitor

OTHER_KEY = {
    "error": "invalid_grant",
    "error_description": "The DPoP proof JWT does not match the 'dpop_jkt' used in the "
    "authorization request.",
}
PUSHED = {
    "client_id": SPA,
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": CALLBACK,
    "state": "state-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def config() -> Config:
    return dpop_org()


@pytest.fixture
async def thief(visitor: Visitor, holder: Holder) -> Holder:
    return Holder(visitor, "RS256", RSA, nonce=holder.nonce)


async def _redeem(holder: Holder, code: str) -> Answer:
    proof = holder.proof(holder.visitor.url("token"))
    return await holder.visitor.redeem(code, headers={"DPoP": proof})


async def _push(holder: Holder, change: Change, proof: str | None = None) -> Answer:
    headers = {} if proof is None else {"DPoP": proof}
    return await holder.visitor.post("par", PUSHED | dict(change), headers=headers)


async def _code_of_pushed(visitor: Visitor, pushed: Answer) -> str:
    assert pushed.status == 201, pushed.text
    others = dict.fromkeys(name for name in PUSHED if name != "client_id")
    named: Change = {**others, "nonce": None, "request_uri": pushed.json()["request_uri"]}
    return await visitor.code(named)


async def _is_bound(visitor: Visitor, holder: Holder, thief: Holder, code: str) -> None:
    """Check that only the holder can use the code; tries by others do not use it up."""
    for refused in (await visitor.redeem(code), await _redeem(thief, code)):
        assert (refused.status, refused.json()) == (400, OTHER_KEY)
    taken = await _redeem(holder, code)
    assert (taken.status, taken.json()["token_type"]) == (200, "DPoP")


async def test_a_code_asked_for_with_a_thumbprint_is_for_the_holder_of_the_key(
    visitor: Visitor, holder: Holder, thief: Holder
) -> None:
    await _is_bound(visitor, holder, thief, await visitor.code({"dpop_jkt": holder.jkt}))


async def test_a_thumbprint_in_a_pushed_request_binds_its_code(
    visitor: Visitor, holder: Holder, thief: Holder
) -> None:
    pushed = await _push(holder, {"dpop_jkt": holder.jkt})
    await _is_bound(visitor, holder, thief, await _code_of_pushed(visitor, pushed))


@pytest.mark.parametrize("with_thumbprint", [False, True])
async def test_a_proof_beside_a_pushed_request_binds_its_code(
    visitor: Visitor, holder: Holder, thief: Holder, *, with_thumbprint: bool
) -> None:
    change: Change = {"dpop_jkt": holder.jkt} if with_thumbprint else {}
    proof = holder.proof(visitor.url("par"), claims={"nonce": None})
    pushed = await _push(holder, change, proof)
    await _is_bound(visitor, holder, thief, await _code_of_pushed(visitor, pushed))


async def test_a_proof_beside_a_pushed_request_is_checked_and_good_once(
    visitor: Visitor, holder: Holder
) -> None:
    elsewhere = await _push(holder, {}, holder.proof(visitor.url("token")))
    assert (elsewhere.status, elsewhere.json()["error"]) == (400, "invalid_dpop_proof")
    proof = holder.proof(visitor.url("par"))
    assert (await _push(holder, {}, proof)).status == 201
    assert (await _push(holder, {}, proof)).json()["error_description"] == USED


async def test_a_proof_and_a_thumbprint_of_two_keys_are_refused(
    visitor: Visitor, holder: Holder, thief: Holder
) -> None:
    pushed = await _push(holder, {"dpop_jkt": thief.jkt}, holder.proof(visitor.url("par")))
    assert (pushed.status, pushed.json()["error"]) == (400, "invalid_request")


async def test_a_code_without_a_thumbprint_is_for_any_key(
    visitor: Visitor, holder: Holder, thief: Holder
) -> None:
    for one in (holder, thief):
        assert (await _redeem(one, await visitor.code())).status == 200


async def test_the_thumbprint_outlives_the_sign_in(
    visitor: Visitor, holder: Holder, thief: Holder
) -> None:
    first = await visitor.authorize({"dpop_jkt": holder.jkt})
    form = (await visitor.ask("GET", first.location)).form
    fields = dict(form.fields) | {"username": "tester@example.com", "password": "mock-Password-1"}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    code = (await visitor.ask("GET", signed_in.location)).returned["code"]
    await _is_bound(visitor, holder, thief, code)

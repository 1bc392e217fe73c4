"""Passkeys that the browser offers beside the name, before the user said who they are."""

from collections.abc import Mapping

import pytest

from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import Enrolling
from tests.idx.passkeys import NAME, handle_of, signed, with_passkey
from tests.visiting import APP, LOGIN, PASSWORD, USER_ID, claims_of

Changes = Mapping[str, str]


async def test_a_passkey_signs_in_without_a_name(enrolling: Enrolling) -> None:
    key = SecurityKey(APP, verifies_user=True)
    document = await with_passkey(enrolling, key)
    assert document.form(NAME)["relatesTo"] == ["webauthnAutofillUIChallenge"]
    assert document.screen == "identify"
    document = await enrolling.take(NAME, credentials=signed(document, key))
    assert document.interaction_code, document.body
    claims = claims_of((await enrolling.tokens())["id_token"])
    assert (claims["sub"], claims["amr"]) == (USER_ID, ["hwk"])


async def test_the_policies_may_ask_for_more(enrolling: Enrolling) -> None:
    key = SecurityKey(APP)
    document = await with_passkey(enrolling, key, require_factor=True)
    document = await enrolling.take(NAME, credentials=signed(document, key))
    assert document.current["key"] == "okta_password"
    proof = {"passcode": PASSWORD}
    document = await enrolling.take("challenge-authenticator", credentials=proof)
    assert document.interaction_code


@pytest.mark.parametrize(
    "change",
    [
        {"userHandle": handle_of("00u0nobody0000000h7x")},
        {"userHandle": ""},
        {"userHandle": "*"},
        {"signatureData": "bm90aGluZw=="},
        {"authenticatorData": "*"},
    ],
)
async def test_what_no_passkey_signed_is_refused(enrolling: Enrolling, change: Changes) -> None:
    key = SecurityKey(APP)
    document = await with_passkey(enrolling, key)
    document = await enrolling.take(NAME, credentials={**signed(document, key), **change})
    assert (document.status, document.screen) == (401, "identify")
    document = await enrolling.take(NAME, credentials=signed(document, key))
    assert document.interaction_code


async def test_a_signature_is_good_for_one_sign_in(enrolling: Enrolling) -> None:
    key = SecurityKey(APP)
    made = signed(await with_passkey(enrolling, key), key)
    await enrolling.begin()
    document = await enrolling.take(NAME, credentials=made)
    assert (document.status, document.screen) == (401, "identify")


async def test_a_user_who_may_not_sign_in_is_refused(enrolling: Enrolling) -> None:
    key = SecurityKey(APP)
    document = await with_passkey(enrolling, key)
    suspend = f"/_mock/users/{LOGIN}/lifecycle/suspend"
    assert (await enrolling.visitor.ask("POST", suspend)).status < 300
    document = await enrolling.take(NAME, credentials=signed(document, key))
    assert "successWithInteractionCode" not in document.body
    assert document.status in (400, 401, 403)


async def test_nothing_is_offered_unless_the_org_wants_it(enrolling: Enrolling) -> None:
    await enrolling.seed(optional=("fido_webauthn",))
    document = await enrolling.begin()
    assert NAME not in document.names
    assert "webauthnAutofillUIChallenge" not in document.body

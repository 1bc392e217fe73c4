"""Security keys: enrolled, asked to sign, and refused."""

import base64
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import Config
from tests.authn.proving import FACTOR, HEAD, Body, Proving, embedded_factor, links
from tests.authn.security_keys import SecurityKey, standard
from tests.authn.signing import error_of
from tests.visiting import APP, LOGIN, SEED, USER_ID

ONLY_KEYS = {"required": ["fido_webauthn"]}
UNVERIFIED = "Your security key could not be verified. Please try again."
ACTIVATION = (
    "rp user pubKeyCredParams challenge authenticatorSelection attestation u2fParams "
    "excludeCredentials"
)


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


@pytest.fixture
def key() -> SecurityKey:
    """A key in a browser that shows the app."""
    return SecurityKey(APP)


async def _enrolling(proving: Proving) -> tuple[Body, str]:
    """The state in which a key is enrolled, and its challenge."""
    await proving.seed(enrollment=ONLY_KEYS)
    state = await proving.enrolling("webauthn", "FIDO")
    return state, embedded_factor(state)["_embedded"]["activation"]["challenge"]


async def _enrolled(proving: Proving, key: SecurityKey) -> None:
    state, challenge = await _enrolling(proving)
    assert (await proving.go(state, **key.register(challenge)))["status"] == "SUCCESS"


async def _challenged(proving: Proving) -> tuple[Body, str]:
    """The state in which the key is asked to sign, and its challenge."""
    state = await proving.challenged()
    return state, embedded_factor(state)["_embedded"]["challenge"]["challenge"]


async def test_a_key_is_enrolled_and_signs(proving: Proving, key: SecurityKey) -> None:
    state, challenge = await _enrolling(proving)
    assert list(state) == [*HEAD, "_embedded", "_links"]
    assert links(state) == {"next": "activate", "prev": None, "cancel": None}
    assert list(embedded_factor(state)) == [*FACTOR, "_embedded"]
    activation = embedded_factor(state)["_embedded"]["activation"]
    assert list(activation) == ACTIVATION.split()
    assert activation["user"] == {"id": USER_ID, "name": LOGIN, "displayName": "Test User"}
    assert list(activation["rp"]) == ["name"]
    assert [each["alg"] for each in activation["pubKeyCredParams"]] == [-7, -257]
    assert activation["authenticatorSelection"] == {
        "userVerification": "preferred",
        "requireResidentKey": False,  # the user has said who they are
    }
    assert (await proving.go(state, **key.register(challenge)))["status"] == "SUCCESS"
    for _ in range(2):
        state, challenge = await _challenged(proving)
        assert list(embedded_factor(state)) == [*FACTOR, "profile", "_embedded"]
        shown = embedded_factor(state)["_embedded"]["challenge"]
        assert list(shown) == ["challenge", "extensions", "userVerification"]
        credential_id = embedded_factor(state)["profile"]["credentialId"]
        assert base64.urlsafe_b64decode(credential_id + "==") == key.credential_id
        assert links(state) == {"next": "verify", "prev": None, "cancel": None}
        assert (await proving.go(state, **key.sign(challenge)))["status"] == "SUCCESS"


async def test_a_page_of_the_orgs_own_may_enrol_a_key(proving: Proving) -> None:
    await _enrolled(proving, SecurityKey(proving.org.url))


async def test_a_factor_may_be_named_by_its_type(proving: Proving, key: SecurityKey) -> None:
    await _enrolled(proving, key)
    begun = await proving.start()
    path, token = "/api/v1/authn/factors/webauthn/verify", begun["stateToken"]
    state = (await proving.post(path, stateToken=token)).json()
    challenge = embedded_factor(state)["_embedded"]["challenge"]["challenge"]
    answer = await proving.post(path, stateToken=token, **key.sign(challenge))
    assert answer.json()["status"] == "SUCCESS"


async def test_the_page_has_to_be_of_a_trusted_origin(proving: Proving, key: SecurityKey) -> None:
    state, challenge = await _enrolling(proving)
    for origin in ("https://evil.example.com", "http://localhost:3001", "null", "android:apk"):
        refused = await proving.follow(state, **SecurityKey(origin).register(challenge))
        cause = f"The page's origin {origin} is not trusted."
        assert error_of(refused) == (403, "E0000068", [cause])
    await proving.go(state, **key.register(challenge))
    state, challenge = await _challenged(proving)
    key.origin = "https://evil.example.com"
    assert error_of(await proving.follow(state, **key.sign(challenge)))[1] == "E0000068"


async def test_another_key_is_refused(proving: Proving, key: SecurityKey) -> None:
    await _enrolled(proving, key)
    state, challenge = await _challenged(proving)
    refused = await proving.follow(state, **SecurityKey(APP).sign(challenge))
    assert error_of(refused) == (403, "E0000068", [UNVERIFIED])
    assert (await proving.go(state, **key.sign(challenge)))["status"] == "SUCCESS"


async def test_a_challenge_is_signed_once(proving: Proving, key: SecurityKey) -> None:
    await _enrolled(proving, key)
    state, challenge = await _challenged(proving)
    signed = key.sign(challenge)
    assert (await proving.go(state, **signed))["status"] == "SUCCESS"
    other, _ = await _challenged(proving)
    assert error_of(await proving.follow(other, **signed)) == (403, "E0000068", [UNVERIFIED])


async def test_a_count_that_does_not_grow_is_refused(proving: Proving, key: SecurityKey) -> None:
    """A key that was copied (WebAuthn 7.2, 22)."""
    key.count = 5
    await _enrolled(proving, key)
    state, challenge = await _challenged(proving)
    key.count = 4
    refused = await proving.follow(state, **key.sign(challenge))
    assert error_of(refused) == (403, "E0000068", [UNVERIFIED])
    assert (await proving.go(state, **key.sign(challenge)))["status"] == "SUCCESS"


async def test_a_key_has_five_minutes_to_sign(proving: Proving, key: SecurityKey) -> None:
    await _enrolled(proving, key)
    state, challenge = await _challenged(proving)
    proving.org.clock.advance(timedelta(minutes=5))
    refused = await proving.follow(state, **key.sign(challenge))
    cause = "The security key was asked too long ago. Please try again."
    assert error_of(refused) == (403, "E0000068", [cause])
    state = await proving.go(state)
    fresh = embedded_factor(state)["_embedded"]["challenge"]["challenge"]
    assert fresh != challenge
    assert (await proving.go(state, **key.sign(fresh)))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "change",
    [
        {"attestation": ""},
        {"attestation": "!"},
        {"attestation": standard(b"no CBOR")},
        {"attestation": standard(b"\xa0")},
        {"attestation": standard(b"\x9f" * 3000)},
        {"clientData": "!"},
        {"clientData": standard(b"no JSON")},
        {"clientData": standard(b'{"origin": 1}')},
        {"clientData": standard(b'{"origin": "http://localhost:3000"}')},
        {"clientData": standard(b"\xff")},
        {"clientData": "ключ"},
    ],
)
async def test_what_no_key_made_enrols_nothing(
    proving: Proving, key: SecurityKey, change: Any
) -> None:
    state, challenge = await _enrolling(proving)
    refused = await proving.follow(state, **key.register(challenge) | change)
    assert error_of(refused)[:2] == (403, "E0000068")
    assert await proving.factors() == {}


@pytest.mark.parametrize("member", ["clientData", "authenticatorData", "signatureData"])
@pytest.mark.parametrize("octets", [b"", b"\x00", b"\x00" * 37, b"\xff" * 90, b"{}"])
async def test_what_no_key_signed_proves_nothing(
    proving: Proving, key: SecurityKey, member: str, octets: bytes
) -> None:
    await _enrolled(proving, key)
    state, challenge = await _challenged(proving)
    answer = await proving.follow(state, **key.sign(challenge) | {member: standard(octets)})
    if (member, octets) == ("clientData", b""):  # nothing is given: another challenge is asked for
        assert answer.json()["status"] == "MFA_CHALLENGE"
    else:
        assert error_of(answer)[:2] == (403, "E0000068")


@pytest.mark.process
def test_an_org_starts_without_what_few_need() -> None:
    """They take long to import: each is, when the first key or QR code comes."""
    script = "import sys, mock_okta.app; print(*{'webauthn', 'cbor2', 'segno'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""

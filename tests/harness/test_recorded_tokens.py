"""Recorded tokens verify at their instant for ever, and not when anything is wrong with them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from mock_okta_harness.builders import an_app
from mock_okta_harness.recorder import RecordedTokens, VerificationError, load_tokens
from mock_okta_harness.recorder.cassette import Making
from mock_okta_harness.recorder.order import REDIRECT_URI, SignInOrder
from mock_okta_harness.recorder.own_org import Wanted
from mock_okta_harness.recorder.recorded_tokens import RecordedClaims
from mock_okta_harness.recorder.recording import NothingToRecordError
from mock_okta_harness.recorder.refresh import record_of_own
from mock_okta_harness.recorder.sign_in import record_sign_in
from mock_okta_harness.running import RunningOrg

LONG_AGO = datetime(2020, 5, 1, 12, tzinfo=UTC)
ISSUER = "https://org.example/oauth2/default"
CLIENT_ID = "0oa1"
AUDIENCE = "api://default"
MADE = Making(
    org="own",
    way="http",
    user_data="kept",
    authorization_server="default",
    client_id=CLIENT_ID,
    login="tester@example.com",
    scopes=("openid",),
)


@dataclass(frozen=True)
class Signer:
    """An issuer's key."""

    key: RSAPrivateKey

    def sign(self, **claims: object) -> str:
        issued = int(LONG_AGO.timestamp()) - 10
        common = {"iss": ISSUER, "sub": "tester@example.com", "iat": issued, "exp": issued + 3600}
        return jwt.encode({**common, **claims}, self.key, "RS256", headers={"kid": "key-1"})

    def access_token(self, **changes: object) -> str:
        return self.sign(**{"aud": AUDIENCE, "cid": CLIENT_ID, "scp": ["openid"], **changes})

    def id_token(self, **changes: object) -> str:
        return self.sign(**{"aud": CLIENT_ID, **changes})

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "key-1", "use": "sig", "alg": "RS256"}]}


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(generate_private_key(public_exponent=65537, key_size=2048))


@pytest.fixture
def recorded(signer: Signer) -> RecordedTokens:
    return RecordedTokens(
        recorded_at=LONG_AGO,
        made=MADE,
        issuer=ISSUER,
        audience=AUDIENCE,
        access_token=signer.access_token(),
        id_token=signer.id_token(),
        claims=RecordedClaims(access_token={}, id_token={}),
        jwks=signer.jwks(),
    )


def changed(recorded: RecordedTokens, **changes: object) -> RecordedTokens:
    return msgspec.structs.replace(recorded, **changes)


def test_tokens_of_long_ago_verify_at_their_instant(recorded: RecordedTokens) -> None:
    claims = recorded.verify()
    assert claims.access_token["cid"] == CLIENT_ID
    assert claims.id_token["aud"] == CLIENT_ID


def test_a_fixture_file_says_the_same_as_what_was_recorded(
    recorded: RecordedTokens, tmp_path: Path
) -> None:
    recorded.save(tmp_path / "tokens.json")
    assert load_tokens(tmp_path / "tokens.json") == recorded


def test_a_file_that_is_no_recording_is_refused_with_the_path(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text('{"recorded_at": "yesterday"}')
    with pytest.raises(msgspec.ValidationError, match=r"\$\.recorded_at"):
        load_tokens(tmp_path / "tokens.json")


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_a_tampered_token_is_refused(recorded: RecordedTokens, signer: Signer, name: str) -> None:
    header, _, signature = getattr(recorded, name).split(".")
    other = signer.sign(sub="another@example.com", aud=AUDIENCE, cid=CLIENT_ID).split(".")[1]
    tampered = changed(recorded, **{name: f"{header}.{other}.{signature}"})
    with pytest.raises(VerificationError, match="Signature verification failed"):
        tampered.verify()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"audience": "api://other"}, "access token: Audience"),
        ({"client_id": "0oa2"}, "access token: cid"),
    ],
)
def test_tokens_for_another_are_refused(
    recorded: RecordedTokens, asked: dict[str, str], reason: str
) -> None:
    with pytest.raises(VerificationError, match=reason):
        recorded.verify(**asked)


ISSUED = int(LONG_AGO.timestamp())


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("access_token", lambda s: s.access_token(iss="https://other.example"), "issuer"),
        ("access_token", lambda s: s.access_token(exp=ISSUED - 600), "access token: had expired"),
        ("access_token", lambda s: s.access_token(iat=ISSUED + 600), "issued after"),
        ("access_token", lambda s: s.access_token(cid="0oa2"), "cid"),
        ("id_token", lambda s: s.id_token(aud="0oa2"), "ID token: Audience"),
        ("id_token", lambda s: s.id_token(exp=ISSUED - 600), "ID token: had expired"),
        ("id_token", lambda s: s.id_token(iss="https://other.example"), "ID token: Invalid issuer"),
        ("id_token", lambda s: s.id_token(sub=None), "ID token"),
        ("id_token", lambda _: "no token at all", "ID token"),
    ],
)
def test_a_token_that_is_wrong_is_refused(
    recorded: RecordedTokens, signer: Signer, name: str, make: Callable[[Signer], str], reason: str
) -> None:
    with pytest.raises(VerificationError, match=reason):
        changed(recorded, **{name: make(signer)}).verify()


def test_a_recording_made_after_expiry_is_refused(recorded: RecordedTokens) -> None:
    late = changed(recorded, recorded_at=LONG_AGO + timedelta(hours=2))
    with pytest.raises(VerificationError, match="had expired"):
        late.verify()


def test_a_key_that_is_not_in_the_recording_is_named(recorded: RecordedTokens) -> None:
    with pytest.raises(VerificationError, match="no key 'key-1'"):
        changed(recorded, jwks={"keys": [{**recorded.jwks["keys"][0], "kid": "key-2"}]}).verify()


def test_of_one_sign_in_come_a_cassette_and_its_tokens(okta_org: RunningOrg) -> None:
    app = an_app("Recorded").with_client_id(CLIENT_ID).redirecting_to(REDIRECT_URI)
    okta_org.control.seed(app)
    okta_org.control.clock.set(LONG_AGO)
    recording = record_sign_in(
        SignInOrder(
            org_url=okta_org.url,
            issuer=okta_org.issuer(),
            client_id=CLIENT_ID,
            username="tester@example.com",
            password="mock-Password-1",
            user_data="kept",
        )
    )
    recorded, cassette = recording.recorded_tokens(), recording.cassette()
    assert recorded.verify() == recorded.claims
    assert recorded.made == cassette.made
    assert recorded.recorded_at == cassette.recorded_at
    assert recorded.access_token not in cassette.text()
    assert list(cassette.tokens["access_token"].payload) == list(recorded.claims.access_token)


def test_the_file_is_enough_for_anybody_who_reads_json_and_verifies_jwts(tmp_path: Path) -> None:
    record_of_own(Wanted(), None, None).recorded_tokens().save(tmp_path / "tokens.json")
    file = json.loads((tmp_path / "tokens.json").read_text())
    for name, audience in (
        ("access_token", file["audience"]),
        ("id_token", file["made"]["client_id"]),
    ):
        kid = jwt.get_unverified_header(file[name])["kid"]
        claims = jwt.decode(
            file[name],
            jwt.PyJWKSet.from_dict(file["jwks"])[kid],
            algorithms=["RS256"],
            audience=audience,
            issuer=file["issuer"],
        )
        assert claims == file["claims"][name]
    instant = datetime.fromisoformat(file["recorded_at"])
    assert file["claims"]["access_token"]["iat"] <= instant.timestamp()


def test_a_sign_in_without_an_id_token_has_no_tokens_to_record() -> None:
    recording = record_of_own(Wanted(scopes=("offline_access",)), None, None)
    with pytest.raises(NothingToRecordError, match="the scope openid"):
        recording.recorded_tokens()

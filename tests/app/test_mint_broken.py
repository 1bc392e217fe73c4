"""Broken tokens without a server: refused only for the chosen reason."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import get_args

import jwt
import pytest

from mock_okta import Config, KeyPool, Mint, MockOkta
from mock_okta.model.faults import Breakage
from tests.verifying import AUDIENCE, CLAIMS, verified
from tests.visiting import LOGIN, SEED, SPA

REASONS: dict[str, type[Exception]] = {
    "expired": jwt.ExpiredSignatureError,
    "not_yet_valid": jwt.ImmatureSignatureError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_client": PermissionError,
    "wrong_key": jwt.InvalidSignatureError,
    "unknown_kid": KeyError,
    "algorithm_none": jwt.InvalidAlgorithmError,
    "tampered": jwt.InvalidSignatureError,
    "not_a_jwt": jwt.DecodeError,
}


@pytest.fixture(scope="module")
def own_mint(shared_pool: KeyPool) -> Mint:
    """The org that the server's tests visit, without a server."""
    return Mint(SEED, url="http://localhost:8700", key_pool=shared_pool)


@pytest.mark.parametrize("broken", get_args(Breakage))
def test_a_broken_token_is_refused_for_its_reason_alone(own_mint: Mint, broken: Breakage) -> None:
    good = own_mint.tokens(LOGIN)
    minted = own_mint.tokens(LOGIN, broken=broken)
    assert minted.id_token is not None
    expected = {"jwks": good.jwks, "issuer": good.issuer}
    assert verified(good.access_token, **expected, audience=AUDIENCE)["sub"] == LOGIN
    with pytest.raises(REASONS[broken]) as refused:
        verified(minted.access_token, **expected, audience=AUDIENCE)
    assert type(refused.value) is REASONS[broken]
    reason = jwt.InvalidAudienceError if broken == "wrong_client" else REASONS[broken]
    with pytest.raises(reason):
        verified(minted.id_token, **expected, audience=SPA)


def test_every_breakage_can_be_named() -> None:
    assert set(get_args(Breakage)) == set(REASONS)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_missing_claim_is_missed(own_mint: Mint, name: str) -> None:
    minted = own_mint.tokens(LOGIN, without=[name])
    with pytest.raises(jwt.MissingRequiredClaimError, match=name):
        verified(minted.access_token, minted.jwks, issuer=minted.issuer, audience=AUDIENCE)


def test_several_things_may_be_wrong_at_once(own_mint: Mint) -> None:
    minted = own_mint.tokens(LOGIN, broken=("expired", "unknown_kid"))
    assert jwt.get_unverified_header(minted.access_token)["kid"] not in str(minted.jwks)
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["exp"] < claims["iat"] + 3601 < datetime.now(UTC).timestamp()


def test_what_is_broken_counts_more_than_what_was_given(own_mint: Mint) -> None:
    minted = own_mint.tokens(LOGIN, claims={"iss": "mine", "exp": "odd"}, broken="expired")
    claims = jwt.decode(minted.access_token, options={"verify_signature": False})
    assert claims["iss"] == "mine"
    assert claims["exp"] < datetime.now(UTC).timestamp()


def test_a_key_that_is_wrong_has_signed_nevertheless(own_mint: Mint) -> None:
    """The token is whole under the other key: what fails is the check, not the form."""
    wrong, unknown = own_mint.tokens(broken="wrong_key"), own_mint.tokens(broken="unknown_kid")
    kids = {jwt.get_unverified_header(each.access_token)["kid"] for each in (wrong, unknown)}
    assert len(kids) == 2
    assert len(kids & {key["kid"] for key in wrong.jwks["keys"]}) == 1
    assert len(wrong.access_token.split(".")[2]) == 342


# Okta's own verifier, in a process of its own: it reads which CA to trust when it is imported.
OKTA_VERIFIER = """
import json, sys
from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
given = json.load(sys.stdin)
access = AccessTokenVerifier(given["issuer"], "api://default")
identity = IDTokenVerifier(given["issuer"], given["client_id"], "api://default")
def said(verify, token, claims):
    try: verify(token, claims)
    except Exception as error: return str(error)
    return "accepted"
print(json.dumps({
    name: [
        said(access.verify_sync, each["access_token"], ("iss", "aud", "exp", "iat")),
        said(identity.verify_sync, each["id_token"], ("iss", "exp", "iat")),
    ]
    for name, each in given["tokens"].items()
}))
"""
# It looks at no `cid`: an access token for another client is a matter of the API's own.
SAID = {
    "good": ["accepted", "accepted"],
    "expired": ["Signature has expired", "Signature has expired"],
    "not_yet_valid": ["not yet valid", "not yet valid"],
    "wrong_issuer": ["Invalid issuer", "Invalid issuer"],
    "wrong_audience": ["Audience doesn't match", "does not match Client ID"],
    "wrong_client": ["accepted", "does not match Client ID"],
    "wrong_key": ["Signature verification failed", "Signature verification failed"],
    "unknown_kid": ["No matching JWK", "No matching JWK"],
    "algorithm_none": ['"alg" is invalid', '"alg" is invalid'],
    "tampered": ["Signature verification failed", "Signature verification failed"],
    "not_a_jwt": ["Not enough segments", "Not enough segments"],
    "without exp": ['"exp" is not present', '"exp" is not present'],
}


@pytest.mark.process
def test_okta_s_own_verifier_refuses_each_for_its_reason(shared_pool: KeyPool) -> None:
    with MockOkta(Config(seed=SEED, tls=True), key_pool=shared_pool) as org:
        own = Mint(SEED, url=org.url, key_pool=shared_pool)
        minted = {name: own.tokens(LOGIN, broken=name) for name in get_args(Breakage)}
        minted |= {"good": own.tokens(LOGIN), "without exp": own.tokens(LOGIN, without=["exp"])}
        given = {
            "issuer": org.issuer(),
            "client_id": SPA,
            "tokens": {
                name: {"access_token": each.access_token, "id_token": each.id_token}
                for name, each in minted.items()
            },
        }
        done = subprocess.run(
            [sys.executable, "-c", OKTA_VERIFIER],
            input=json.dumps(given),
            env={"SSL_CERT_FILE": str(org.ca_path), "REQUESTS_CA_BUNDLE": str(org.ca_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    found = json.loads(done.stdout or done.stderr)
    for name, (access, identity) in SAID.items():
        assert access in found[name][0], name
        assert identity in found[name][1], name
    assert set(found) == set(SAID)

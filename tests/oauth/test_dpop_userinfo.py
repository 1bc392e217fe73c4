"""DPoP at a resource: userinfo (RFC 9449 7, facts/oauth E.8)."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_okta import Config, MockOkta
from tests.oauth.holding import ALGORITHMS, MISSING, RSA, USED, Holder, dpop_org
from tests.visiting import Visitor


@pytest.fixture
def config() -> Config:
    return dpop_org()


def _challenge(org: MockOkta, error: str, description: str) -> str:
    return (
        f'DPoP algs="{" ".join(ALGORITHMS)}", '
        f'authorization_uri="{org.url}/oauth2/default/v1/authorize", realm="{org.url}", '
        f'scope="openid", error="{error}", error_description="{description}", '
        'resource="/oauth2/default/v1/userinfo"'
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_userinfo_takes_the_token_with_its_proof_and_without_nonce(
    holder: Holder, method: str
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    answer = await holder.userinfo(token, method=method)
    assert answer.status == 200
    assert "dpop-nonce" not in answer.headers
    assert answer.json()["email"]


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        (
            {"ath": "AAAA"},
            "'ath' claim in the DPoP proof does not match the presented access_token.",
        ),
        ({"ath": None}, "'ath' claim in the DPoP proof does not match the presented access_token."),
        ({"htm": "POST"}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htu": "http://localhost/"}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"iat": 1}, "'iat' claim in the DPoP proof JWT is invalid."),
    ],
)
async def test_userinfo_refuses_a_bad_proof_in_the_header(
    org: MockOkta, holder: Holder, claims: Mapping[str, Any], description: str
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    answer = await holder.userinfo(token, claims)
    assert (answer.status, answer.body) == (401, b"")
    expected = _challenge(org, "invalid_dpop_proof", description)
    assert answer.headers["WWW-Authenticate"] == expected


async def test_userinfo_takes_a_proof_once(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    assert (await holder.userinfo(token, {"jti": "once"})).status == 200
    again = await holder.userinfo(token, {"jti": "once"})
    assert again.headers["WWW-Authenticate"] == _challenge(org, "invalid_dpop_proof", USED)


async def test_a_bound_token_is_no_bearer_token(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    expected = _challenge(org, "invalid_token", "The access token is invalid.")
    for answer in (
        await holder.visitor.userinfo(token),
        await holder.userinfo(token, scheme="Bearer"),
    ):
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, expected)


async def test_a_bearer_token_is_no_bound_token(holder: Holder) -> None:
    token = (await holder.visitor.tokens())["access_token"]
    assert (await holder.userinfo(token)).status == 401
    assert (await holder.userinfo(token, scheme="Bearer")).status == 200


async def test_the_token_of_one_key_is_not_taken_with_the_proof_of_another(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    other = Holder(visitor, "RS256", RSA)
    assert (await other.userinfo(token)).status == 401
    assert (await holder.userinfo(token)).status == 200


async def test_a_bound_token_without_a_proof_is_refused(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    url, headers = holder.visitor.url("userinfo"), {"Authorization": f"DPoP {token}"}
    answer = await holder.visitor.ask("GET", url, headers=headers)
    missing = _challenge(org, MISSING["error"], MISSING["error_description"])
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, missing)

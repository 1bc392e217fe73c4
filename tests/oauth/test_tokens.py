"""What tokens say: headers, claims and their order, thin and full ID tokens (facts/oauth F)."""

import json
import re
from typing import Any

import pytest

from mock_okta import MockOkta
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    SPA,
    USER_ID,
    Visitor,
    claims_of,
    half_hash,
    header_of,
)

EVERYTHING = "openid profile email address phone"
FULL = [
    *("sub", "name", "email", "ver", "iss", "aud", "iat", "exp", "jti", "amr", "idp", "nonce"),
    *("locale", "preferred_username", "given_name", "middle_name", "family_name", "nickname"),
    *("profile", "zoneinfo", "updated_at", "email_verified", "address", "phone_number"),
    *("auth_time", "at_hash", "c_hash"),
]
THIN = [
    *("sub", "name", "email", "ver", "iss", "aud", "iat", "exp", "jti", "amr", "idp", "nonce"),
    *("preferred_username", "auth_time", "at_hash", "c_hash"),
]


def without(names: list[str], *left_out: str) -> list[str]:
    return [name for name in names if name not in left_out]


async def implicit(
    visitor: Visitor, response_type: str, *, server: str = "default", scope: str = EVERYTHING
) -> dict[str, str]:
    await visitor.sign_in()
    change = {"response_type": response_type, "scope": scope}
    return (await visitor.authorize(change, server=server)).returned


@pytest.mark.parametrize(
    ("server", "audience", "order"),
    [
        (
            "default",
            "api://default",
            ["ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "auth_time", "sub"],
        ),
        (
            "org",
            None,
            ["ver", "jti", "iss", "aud", "sub", "iat", "exp", "cid", "uid", "scp", "auth_time"],
        ),
    ],
)
async def test_an_access_token_says_who_may_do_what(
    org: MockOkta, visitor: Visitor, server: str, audience: str | None, order: list[str]
) -> None:
    org.clock.freeze()
    now = org.clock.epoch()
    tokens = await visitor.tokens({"scope": "openid profile"}, server=server)
    claims = claims_of(tokens["access_token"])
    assert list(claims) == order
    assert re.fullmatch(r"AT\.[\w-]{43}", claims.pop("jti"))
    assert claims == {
        "ver": 1,
        "iss": org.issuer(server),
        "aud": audience or org.url,
        "iat": now,
        "exp": now + 3600,
        "cid": SPA,
        "uid": USER_ID,
        "scp": ["openid", "profile"],
        "auth_time": now,
        "sub": LOGIN,
    }


async def test_the_jti_names_the_refresh_token_that_came_along(visitor: Visitor) -> None:
    claims = claims_of((await visitor.tokens())["access_token"])
    assert re.fullmatch(r"AT\.[\w-]{43}\.oar[0-9A-Za-z]{17}", claims["jti"])


@pytest.mark.parametrize("server", ["default", "org"])
async def test_an_id_token_says_who_signed_in(org: MockOkta, visitor: Visitor, server: str) -> None:
    org.clock.freeze()
    now = org.clock.epoch()
    tokens = await visitor.tokens({"scope": EVERYTHING}, server=server)
    claims = claims_of(tokens["id_token"])
    assert list(claims) == without(THIN, "c_hash")
    assert re.fullmatch(r"ID\.[\w-]{43}", claims.pop("jti"))
    assert re.fullmatch(r"00o[0-9A-Za-z]{17}", claims.pop("idp"))
    assert claims == {
        "sub": USER_ID,
        "name": "Test User",
        "email": LOGIN,
        "ver": 1,
        "iss": org.issuer(server),
        "aud": SPA,
        "iat": now,
        "exp": now + 3600,
        "amr": ["pwd"],
        "nonce": "nonce-1",
        "preferred_username": LOGIN,
        "auth_time": now,
        "at_hash": half_hash(tokens["access_token"]),
    }


async def test_idp_is_the_org(visitor: Visitor) -> None:
    idp = claims_of((await visitor.tokens())["id_token"])["idp"]
    organization = await visitor.ask("GET", "/.well-known/okta-organization")
    assert organization.json()["id"] == idp


@pytest.mark.parametrize(
    ("response_type", "claims"),
    [
        ("id_token", without(FULL, "at_hash", "c_hash")),
        ("code id_token", without(FULL, "at_hash")),
        ("id_token token", without(THIN, "c_hash")),
        ("code id_token token", THIN),
    ],
)
@pytest.mark.parametrize("server", ["default", "org"])
async def test_an_id_token_is_thin_where_an_access_token_comes_along(
    visitor: Visitor, server: str, response_type: str, claims: list[str]
) -> None:
    returned = await implicit(visitor, response_type, server=server)
    assert list(claims_of(returned["id_token"])) == claims


async def test_full_claims_have_okta_s_forms(visitor: Visitor) -> None:
    claims = claims_of((await implicit(visitor, "id_token"))["id_token"])
    assert claims["locale"] == "en-US"
    assert isinstance(claims["updated_at"], int)
    assert claims["email_verified"] is True
    assert claims["address"] == {
        "street_address": "1 Test Street",
        "locality": "Testville",
        "country": "US",
    }


async def test_what_the_profile_has_not_is_left_out(visitor: Visitor) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    change = {"response_type": "id_token", "scope": EVERYTHING}
    claims = claims_of((await visitor.authorize(change)).returned["id_token"])
    assert list(claims) == [
        *("sub", "email", "ver", "iss", "aud", "iat", "exp", "jti", "amr", "idp", "nonce"),
        *("preferred_username", "updated_at", "email_verified", "auth_time"),
    ]


async def test_nonce_is_there_only_if_it_was_sent(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"nonce": None})
    assert "nonce" not in claims_of(tokens["id_token"])


# Custom claims.


async def custom(visitor: Visitor, scope: str, kind: str) -> dict[str, Any]:
    """What comes after the claims that every token has."""
    tokens = await visitor.tokens({"scope": scope}, server="rich")
    names = list(claims_of(tokens[kind]).items())
    last = {"access_token": "sub", "id_token": "at_hash"}[kind]
    return dict(names[[name for name, _ in names].index(last) + 1 :])


async def test_custom_claims_come_last_in_an_access_token(visitor: Visitor) -> None:
    found = await custom(visitor, "openid", "access_token")
    assert list(found.items()) == [
        ("tier", "gold"),
        ("department", "Quality"),
        ("groups", ["Developers", "Designers"]),
    ]


async def test_a_claim_may_need_a_scope(visitor: Visitor) -> None:
    assert (await custom(visitor, "openid special", "access_token"))["special"] == 1


async def test_a_claim_never_replaces_one_of_okta_s(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server="rich")
    assert claims_of(tokens["access_token"])["cid"] == SPA


async def test_a_thin_id_token_has_what_is_always_included(visitor: Visitor) -> None:
    assert await custom(visitor, "openid", "id_token") == {"thin": True}


async def test_a_full_id_token_has_all_and_groups_are_filtered(visitor: Visitor) -> None:
    returned = await implicit(visitor, "id_token", server="rich", scope="openid")
    claims = claims_of(returned["id_token"])
    names = ("thick", "thin", "is", "has", "fits")
    assert {name: claims[name] for name in names} == {
        "thick": True,
        "thin": True,
        "is": ["Developers"],
        "has": ["Designers"],
        "fits": ["Developers", "Designers"],
    }


# Headers.


@pytest.mark.parametrize(
    ("server", "kind", "order"),
    [
        ("default", "access_token", ["kid", "alg"]),
        ("default", "id_token", ["kid", "alg"]),
        ("org", "id_token", ["kid", "alg"]),
        ("org", "access_token", ["kid", "typ", "alg"]),
    ],
)
async def test_the_header_has_okta_s_order_and_type(
    visitor: Visitor, server: str, kind: str, order: list[str]
) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server=server)
    header = header_of(tokens[kind])
    assert list(header) == order
    assert header["alg"] == "RS256"
    assert header.get("typ", "application/okta-internal-at+jwt") == (
        "application/okta-internal-at+jwt"
    )


async def test_tokens_go_into_a_url_as_they_are(visitor: Visitor) -> None:
    """The widget's library takes tokens and codes raw from the fragment."""
    returned = await implicit(visitor, "code id_token token")
    for name in ("code", "access_token", "id_token"):
        assert re.fullmatch(r"[A-Za-z0-9._-]+", returned[name])
    assert re.fullmatch(r"[\w-]{43}", returned["code"])


async def test_no_two_tokens_are_the_same(visitor: Visitor) -> None:
    visitor.org.clock.freeze()
    bodies = [await visitor.tokens() for _ in range(3)]
    for kind in ("access_token", "id_token", "refresh_token"):
        assert len({body[kind] for body in bodies}) == 3


async def test_claims_that_no_json_library_agrees_on_stay_whole(visitor: Visitor) -> None:
    profile = {"firstName": "Zoë 'quote' \"double\"", "lastName": "<b>\u2028😀"}
    user = {"login": LOGIN, "password": "mock-Password-1", "profile": profile, "id": USER_ID}
    assert (await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})).status == 200
    tokens = await visitor.tokens()
    name = f"{profile['firstName']} {profile['lastName']}"
    assert claims_of(tokens["id_token"])["name"] == name
    body = (await visitor.userinfo(tokens["access_token"])).body
    assert json.loads(body)["name"] == name

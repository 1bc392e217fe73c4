"""Sign-in by an identity provider outside the org: facts/oauth C.1, D ("social IdPs"), I.1."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pyotp
import pytest

from mock_okta import (
    Age,
    Config,
    ExternalUser,
    MockOkta,
    Seed,
    SeedClient,
    SeedFactor,
    SeedIdentityProvider,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.oauth.devices import GRANT as DEVICE_CODE
from tests.oauth.devices import TV, decide, poll, question_for, start
from tests.visiting import APP, LOGIN, OTHER_LOGIN, PASSWORD, SEED, SPA, Answer, Visitor, claims_of

SOCIAL, CORPORATE = "0oa1soc00000000000h7", "0oa1corp0000000000h7"
STRANGER = "stranger@example.org"
STRICT_LOGIN, BARE_LOGIN = "strict@example.com", "bare@example.com"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOME = "/app/UserHome"


def _seed() -> Seed:
    known = ExternalUser(email=STRANGER, profile={"firstName": "Strange", "lastName": "User"})
    otp = SeedFactor(factor="google_otp", secret=SECRET)
    rules = (
        SeedSignOnRule(name="Factor", users=(STRICT_LOGIN,), require_factor=True),
        SeedSignOnRule(name="Nobody", users=("denied@example.com",), access="DENY"),
        SeedSignOnRule(),
    )
    television = SeedClient(
        name="TV",
        type="native",
        client_id=TV,
        grant_types=("authorization_code", "refresh_token", DEVICE_CODE),
    )
    return msgspec.structs.replace(
        SEED,
        clients=(*SEED.clients, television),
        users=(
            *SEED.users,
            SeedUser(login=STRICT_LOGIN, password=PASSWORD, factors=(otp,)),
            SeedUser(login="alias", password=PASSWORD, profile={"email": "Other@Mail.example"}),
            SeedUser(login="expired@example.com", password=PASSWORD, status="PASSWORD_EXPIRED"),
            SeedUser(login="old@example.com", password=PASSWORD, password_age_days=2),
            SeedUser(login="suspended@example.com", password=PASSWORD, status="SUSPENDED"),
            SeedUser(login="locked@example.com", password=PASSWORD, status="LOCKED_OUT"),
            SeedUser(login="staged@example.com", status="STAGED"),
        ),
        identity_providers=(
            SeedIdentityProvider(id=SOCIAL, name="A & B", type="GOOGLE", users=(known,)),
            SeedIdentityProvider(id=CORPORATE, name="Corporate", type="SAML2"),
        ),
        sign_on_policies=(SeedSignOnPolicy(rules=rules),),
        password_policies=(SeedPasswordPolicy(age=Age(max_age_days=1)),),
    )


@pytest.fixture
def config() -> Config:
    return Config(seed=_seed())


async def _come_back(visitor: Visitor, shown: Answer, email: str) -> Answer:
    """Say who one is, by the form for any address, which is the page's last."""
    form = shown.text.rpartition("<form")[2]
    action = form.partition('action="')[2].partition('"')[0]
    fields = {"email": email}
    if 'name="fromURI"' in form:
        quoted = form.partition('name="fromURI" value="')[2].partition('"')[0]
        fields["fromURI"] = quoted.replace("&amp;", "&")
    return await visitor.ask("POST", action, data=fields)


async def _sign_in(
    visitor: Visitor, email: str, idp: str = SOCIAL, from_uri: str | None = None
) -> Answer:
    query = "" if from_uri is None else f"?{urlencode({'fromURI': from_uri})}"
    left = await visitor.ask("GET", f"/sso/idps/{idp}{query}")
    return await _come_back(visitor, await visitor.ask("GET", left.location), email)


async def test_the_page_offers_whom_the_provider_knows(visitor: Visitor, org: MockOkta) -> None:
    left = await visitor.ask("GET", f"/sso/idps/{SOCIAL}?fromURI=/x&login_hint=a%22b@c.example")
    assert left.location == f"{org.url}/idp/{SOCIAL}?fromURI=%2Fx&login_hint=a%22b%40c.example"
    shown = await visitor.ask("GET", left.location)
    assert (shown.status, shown.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>A &amp; B</h1>" in shown.text
    assert f'name="email" value="{STRANGER}"' in shown.text
    assert 'value="a&#34;b@c.example"' in shown.text


@pytest.mark.parametrize(
    ("query", "from_uri"),
    [
        ("fromURI=%2Fx&login_hint=a%40b.example", "/x"),
        ("?fromURI=%2Fx&login_hint=a%40b.example", "/x"),
        ("login_hint=a%40b.example?fromURI=%2Fx", "/x"),
        ("login_hint=a%40b.example&fromURI=%2Fy?fromURI=%2Fx&login_hint=a%40b.example", "/x"),
        ("login_hint=a%40b.example&fromURI=/y?okta_key=k", "/y?okta_key=k"),
    ],
)
async def test_a_query_that_a_page_appended_to_a_link_with_a_query_counts(
    visitor: Visitor, query: str, from_uri: str
) -> None:
    """So does release 2.21.0 of the widget."""
    left = await visitor.ask("GET", f"/sso/idps/{SOCIAL}?{query}")
    kept = {"fromURI": [from_uri], "login_hint": ["a@b.example"]}
    assert parse_qs(urlsplit(left.location).query) == kept


async def test_a_stranger_becomes_a_user_once(visitor: Visitor, org: MockOkta) -> None:
    answer = await _sign_in(visitor, STRANGER)
    assert answer.location == org.url + HOME
    assert "Hello, Strange" in (await visitor.ask("GET", HOME)).text
    user = (await visitor.ask("GET", "/api/v1/users/me")).json()
    assert user["profile"]["login"] == user["profile"]["email"] == STRANGER
    assert user["profile"]["lastName"] == "User"
    assert user["credentials"]["provider"] == {"type": "SOCIAL", "name": "SOCIAL"}
    await _sign_in(visitor, STRANGER.upper())
    assert (await visitor.ask("GET", "/api/v1/users/me")).json()["id"] == user["id"]
    refused = await visitor.ask(
        "POST", "/api/v1/authn", json={"username": STRANGER, "password": ""}
    )
    assert refused.status == 401  # there is no password to sign in with


@pytest.mark.parametrize("engine", ["classic"])
@pytest.mark.parametrize(("idp", "kind"), [(SOCIAL, "SOCIAL"), (CORPORATE, "FEDERATION")])
async def test_the_session_says_who_signed_the_user_in(
    visitor: Visitor, idp: str, kind: str
) -> None:
    await _sign_in(visitor, LOGIN, idp)
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert session["idp"] == {"id": idp, "type": kind}
    assert (session["amr"], session["lastPasswordVerification"]) == (["fed"], None)
    assert session["login"] == LOGIN


@pytest.mark.parametrize(
    ("email", "login"),
    [
        (OTHER_LOGIN, OTHER_LOGIN),
        (OTHER_LOGIN.upper(), OTHER_LOGIN),
        ("other@mail.EXAMPLE", "alias"),
        ("expired@example.com", "expired@example.com"),
        ("old@example.com", "old@example.com"),
    ],
)
async def test_users_are_found_by_login_or_by_address(
    visitor: Visitor, org: MockOkta, email: str, login: str
) -> None:
    assert (await _sign_in(visitor, email)).location == org.url + HOME
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).json()["login"] == login


@pytest.mark.parametrize("who", ["suspended", "locked", "staged", "denied"])
async def test_who_may_not_sign_in_hears_so(visitor: Visitor, who: str) -> None:
    answer = await _sign_in(visitor, f"{who}@example.com")
    assert (answer.status, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert f"{who}@example.com may not sign in here." in answer.text
    assert await visitor.session_id() is None


@pytest.mark.parametrize(
    "email",
    ["", "x", "@", "a@", "@b", "a b@c.example", "a@b@c", "a@b\n", "\x00@b", f"{'x' * 100}@b"],
)
async def test_what_is_no_address_is_asked_for_again(visitor: Visitor, email: str) -> None:
    form = {"email": email, "fromURI": "/there"}
    answer = await visitor.ask("POST", f"/idp/{SOCIAL}", data=form)
    assert answer.status == 400
    assert "This is not an e-mail address." in answer.text
    assert 'name="fromURI" value="/there"' in answer.text
    assert await visitor.session_id() is None


@pytest.mark.parametrize("path", ["/sso/idps/0oanobody", "/idp/0oanobody", "/sso/idps/%00"])
async def test_an_unknown_provider_is_a_page_that_says_so(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("GET", path)
    assert (answer.status, "identity provider is unknown" in answer.text) == (404, True)


async def test_okta_is_the_orgs_own_sign_in_page(visitor: Visitor, org: MockOkta) -> None:
    left = await visitor.ask("GET", f"/sso/idps/OKTA?login_hint={LOGIN}")
    assert left.location == f"{org.url}/login/login.htm?login_hint=tester%40example.com"


@pytest.mark.parametrize(
    ("from_uri", "destination"),
    [
        ("/help/login", "{org}/help/login"),
        ("{org}/help/login?a=1", "{org}/help/login?a=1"),
        (f"{APP}/page", f"{APP}/page"),
        ("https://evil.example/", "{org}/app/UserHome"),
        ("//evil.example/", "{org}/app/UserHome"),
        ("/\\evil.example/", "{org}/app/UserHome"),
        ("javascript:alert(1)", "{org}/app/UserHome"),
        ("http://[", "{org}/app/UserHome"),
    ],
)
async def test_where_one_goes_on_to(
    visitor: Visitor, org: MockOkta, from_uri: str, destination: str
) -> None:
    answer = await _sign_in(visitor, LOGIN, from_uri=from_uri.replace("{org}", org.url))
    assert answer.location == destination.replace("{org}", org.url)


async def test_two_who_come_at_once_with_one_address_are_one_user(
    a_visitor: Callable[[], Visitor],
) -> None:
    visitors = [a_visitor() for _ in range(8)]
    await asyncio.gather(*(_sign_in(each, "new@example.org") for each in visitors))
    found = [(await each.ask("GET", "/api/v1/sessions/me")).json() for each in visitors]
    assert len({session["userId"] for session in found}) == 1
    users = (await visitors[0].ask("GET", "/_mock/org")).json()["users"]
    assert [user["login"] for user in users].count("new@example.org") == 1


@pytest.mark.parametrize("engine", ["classic"])
async def test_a_factor_that_the_policy_asks_for_is_asked_for_after_it(
    visitor: Visitor, org: MockOkta
) -> None:
    answer = await _sign_in(visitor, STRICT_LOGIN, from_uri="/help/login")
    place = urlsplit(answer.location)
    assert place.path.startswith("/signin/refresh-auth-state/")
    assert parse_qs(place.query) == {"fromURI": ["/help/login"]}
    assert await visitor.session_id() is None
    token = place.path.rpartition("/")[2]
    state = (await visitor.ask("POST", "/api/v1/authn", json={"stateToken": token})).json()
    assert (state["status"], "type" in state) == ("MFA_REQUIRED", False)
    proof = {"stateToken": token, "passCode": pyotp.TOTP(SECRET).at(org.clock.now())}
    href = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    success = (await visitor.ask("POST", href, json=proof)).json()
    await visitor.authorize({"sessionToken": success["sessionToken"]})
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert set(session["amr"]) == {"fed", "mfa", "otp"}
    assert session["idp"] == {"id": SOCIAL, "type": "SOCIAL"}


async def test_an_apps_request_names_the_provider_and_ends_in_tokens(visitor: Visitor) -> None:
    left = await visitor.authorize({"idp": SOCIAL, "login_hint": "hint@example.org"})
    place = urlsplit(left.location)
    assert place.path == f"/sso/idps/{SOCIAL}"
    assert parse_qs(place.query)["login_hint"] == ["hint@example.org"]
    shown = await visitor.ask("GET", (await visitor.ask("GET", left.location)).location)
    back = await _come_back(visitor, shown, STRANGER)
    answer = await visitor.ask("GET", back.location)
    tokens = (await visitor.redeem(answer.returned["code"])).json()
    claims = claims_of(tokens["id_token"])
    assert (claims["preferred_username"], claims["amr"]) == (STRANGER, ["fed"])
    assert claims["name"] == "Strange User"


@pytest.mark.parametrize(
    ("idp", "named"), [(SOCIAL, SOCIAL), (CORPORATE, CORPORATE), (None, "the org")]
)
async def test_id_tokens_of_every_grant_name_who_signed_the_user_in(
    visitor: Visitor, idp: str | None, named: str
) -> None:
    """OpenID Connect & OAuth 2.0 API, ID token payload: `idp`."""
    if idp is None:
        await visitor.sign_in()
        named = (await visitor.ask("GET", "/.well-known/okta-organization")).json()["id"]
        assert named.startswith("00o")
    else:
        await _sign_in(visitor, LOGIN, idp)
    implicit = (await visitor.authorize({"response_type": "id_token"})).returned
    hybrid = (await visitor.authorize({"response_type": "code id_token"})).returned
    redeemed = (await visitor.redeem(hybrid["code"])).json()
    first = (await visitor.refresh(redeemed["refresh_token"])).json()
    second = (await visitor.refresh(first["refresh_token"])).json()
    by_device = await _tokens_of_device(visitor)
    renewed = (await visitor.refresh(by_device["refresh_token"], {"client_id": TV})).json()
    for answer in (implicit, hybrid, redeemed, first, second, by_device, renewed):
        assert claims_of(answer["id_token"])["idp"] == named


async def _tokens_of_device(visitor: Visitor) -> dict[str, str]:
    """Let a device have tokens in the session that there is."""
    device = await start(visitor)
    await decide(visitor, await question_for(visitor, device["user_code"]), "allow")
    body: dict[str, str] = (await poll(visitor, device["device_code"])).json()
    return body


async def test_a_popup_gets_its_message(visitor: Visitor) -> None:
    """As the widget's social buttons ask: facts/classic D."""
    change = {
        "idp": SOCIAL,
        "display": "popup",
        "response_mode": "okta_post_message",
        "response_type": "token id_token",
        "scope": "openid email",
    }
    left = await visitor.authorize(change)
    shown = await visitor.ask("GET", (await visitor.ask("GET", left.location)).location)
    back = await _come_back(visitor, shown, STRANGER)
    answer = await visitor.ask("GET", back.location)
    assert {"access_token", "id_token", "state"} <= set(answer.returned)
    assert "window.opener" in answer.text


async def test_a_session_is_used_whatever_provider_is_asked_for(visitor: Visitor) -> None:
    await visitor.sign_in()
    assert "code" in (await visitor.authorize({"idp": SOCIAL})).returned
    again = await visitor.authorize({"idp": SOCIAL, "prompt": "login"})
    assert urlsplit(again.location).path == f"/sso/idps/{SOCIAL}"


@pytest.mark.parametrize("change", [{"idp": "0oanobody"}, {"idp": "%00"}])
async def test_a_provider_that_is_not_there_is_refused(
    visitor: Visitor, change: dict[str, str]
) -> None:
    returned = (await visitor.authorize(change)).returned
    assert returned["error"] == "invalid_request"
    assert returned["state"] == "state-1"


async def test_a_client_that_forbids_prompting_is_reported(visitor: Visitor) -> None:
    returned = (await visitor.authorize({"idp": SOCIAL, "prompt": "none"})).returned
    assert returned["error"] == "login_required"


async def test_okta_as_the_provider_is_the_sign_in_page(visitor: Visitor) -> None:
    assert urlsplit((await visitor.authorize({"idp": "OKTA"})).location).path == "/login/login.htm"


async def test_providers_and_rules_can_be_seeded_later(visitor: Visitor) -> None:
    seed = {
        "identity_providers": [{"id": "0oalater", "name": "Later"}],
        "routing_rules": [{"idp": "Later", "domains": ["later.example"]}],
        "clients": [{"name": "SPA", "type": "spa", "client_id": SPA}],
    }
    answer = await visitor.ask("PUT", "/_mock/seed", json=seed)
    assert answer.status == 200, answer.text
    assert (await visitor.ask("GET", "/idp/0oalater")).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity_providers": [{"name": " "}]},
        {"identity_providers": [{"name": "OKTA"}]},
        {"identity_providers": [{"name": "X", "id": "a/b"}]},
        {"identity_providers": [{"name": "X", "type": "MADE_UP"}]},
        {"identity_providers": [{"name": "X"}, {"name": "X"}]},
        {"identity_providers": [{"name": "X", "users": [{"email": "no address"}]}]},
        {"routing_rules": [{"idp": ""}]},
        {"routing_rules": [{"idp": "X", "domains": ["a@b"]}]},
        {"routing_rules": [{"idp": "X"}, {"idp": "X"}]},
    ],
)
async def test_a_seed_that_makes_no_sense_is_refused(
    visitor: Visitor, wrong: dict[str, list[object]]
) -> None:
    assert (await visitor.ask("PUT", "/_mock/seed", json=wrong)).status == 400

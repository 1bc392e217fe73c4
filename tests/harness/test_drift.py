"""Org against org: equal ones do not differ, and of others every field that differs is named."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mock_okta import Claim, Config, KeyPool, Seed, SeedAuthorizationServer
from mock_okta_harness import faults
from mock_okta_harness.faults import Fault
from mock_okta_harness.recorder import Cassette, drift
from mock_okta_harness.recorder.order import SignInOrder
from mock_okta_harness.recorder.sign_in import record_sign_in
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.harness.commands import status_of
from tests.visiting import CODE_ONLY, LOGIN, OTHER_SPA, PASSWORD, SEED, SPA

SCOPES = ("openid", "profile", "email")


@pytest.fixture
def an_org(shared_pool: KeyPool) -> Iterator[Callable[[Seed], RunningOrg]]:
    """Start orgs, each with keys, ids and a port of its own."""
    with ExitStack() as stack:
        yield lambda seed: stack.enter_context(org_in_a_thread(Config(seed=seed), shared_pool))


def recorded(org: RunningOrg, **changes: Any) -> Cassette:
    order = SignInOrder(
        org_url=org.url,
        issuer=org.issuer(),
        client_id=SPA,
        username=LOGIN,
        password=PASSWORD,
        redirect_uri="http://localhost:3000/callback",
        logout_redirect_uri="http://localhost:3000",
        scopes=("openid", "profile", "email", "offline_access"),
        user_data="kept",
    )
    return record_sign_in(replace(order, **changes)).cassette()


def told(first: Cassette, second: Cassette) -> list[str]:
    return [str(each) for each in drift(first, second)]


def test_equal_orgs_do_not_differ_on_another_day(
    an_org: Callable[[Seed], RunningOrg],
) -> None:
    first, second = an_org(SEED), an_org(SEED)
    second.control.rotate_keys()
    second.control.clock.advance(timedelta(days=200))
    assert told(recorded(first), recorded(second)) == []


def test_what_was_scrubbed_is_compared_by_type(an_org: Callable[[Seed], RunningOrg]) -> None:
    org = an_org(SEED)
    kept = recorded(org, client_id=CODE_ONLY, scopes=SCOPES)
    scrubbed = recorded(org, client_id=OTHER_SPA, scopes=SCOPES, user_data="scrubbed")
    idp = [each.tokens["id_token"].payload["idp"] for each in (kept, scrubbed)]
    assert idp[0] != idp[1]
    assert told(kept, scrubbed) == []
    assert told(scrubbed, kept) == []


def with_users(seed: Seed, **changes: Any) -> Seed:
    users = tuple(msgspec.structs.replace(each, **changes) for each in seed.users[:1])
    return msgspec.structs.replace(seed, users=(*users, *seed.users[1:]))


def with_claims(seed: Seed, *claims: Claim) -> Seed:
    (server, *others) = seed.authorization_servers
    changed = msgspec.structs.replace(server, claims=claims)
    return msgspec.structs.replace(seed, authorization_servers=(changed, *others))


OTHER_SEEDS = [
    (
        with_claims(SEED, Claim(name="tier", token="access_token", value="gold")),
        ['tokens.access_token.payload.tier: (none) -> "gold"'],
    ),
    (
        with_users(SEED, profile={"firstName": "Second", "lastName": "User"}),
        ['authn.body._embedded.user.profile.firstName: "Test" -> "Second"'],
    ),
    (
        msgspec.structs.replace(
            SEED,
            authorization_servers=(
                SeedAuthorizationServer(id="default", audiences=("api://other",)),
            ),
        ),
        [
            'tokens.access_token.payload.aud: "api://default" -> "api://other"',
            'introspect.body.aud: "api://default" -> "api://other"',
        ],
    ),
]


@pytest.mark.parametrize(("seed", "expected"), OTHER_SEEDS, ids=["claim", "profile", "audience"])
def test_another_seed_is_reported_field_by_field(
    an_org: Callable[[Seed], RunningOrg], seed: Seed, expected: list[str]
) -> None:
    found = told(recorded(an_org(SEED)), recorded(an_org(seed)))
    assert set(expected) <= set(found)


FAULTS = [
    (
        faults.status(503).on("*/v1/userinfo").times(2),
        ["userinfo.status: 200 -> 503", "userinfo-refused.status: 401 -> 503"],
    ),
    (
        faults.oauth_error("server_error", "Out of order.", 500).on("*/v1/introspect"),
        [
            "introspect.status: 200 -> 500",
            'introspect.body.error: (none) -> "server_error"',
            "introspect.body.active: true -> (none)",
        ],
    ),
    (
        faults.discovery_contradicts("https://other.example"),
        ['discovery.body.issuer: "${org}/oauth2/default" -> "https://other.example"'],
    ),
    (faults.jwks_missing(), ["keys.body.keys (length): 1 -> 0"]),
    (faults.rate_limited().on("*/v1/logout"), ["logout.status: 302 -> 429"]),
    (
        faults.clock_skew(600, "id_token"),
        ['tokens.id_token.payload.iat: "${now}" -> "${now+600}"'],
    ),
    (
        faults.status(401, "E0000004", "Nobody by that name").on("/api/v1/authn"),
        ['authn-refused.body.errorSummary: "Authentication failed" -> "Nobody by that name"'],
    ),
]


@pytest.mark.parametrize(
    ("fault", "expected"), FAULTS, ids=lambda value: getattr(value, "kind", "")
)
def test_an_org_that_was_tampered_with_is_found_out(
    an_org: Callable[[Seed], RunningOrg], fault: Fault, expected: list[str]
) -> None:
    first, second = an_org(SEED), an_org(SEED)
    before = recorded(first)
    (planned,) = second.control.plan_fault(fault)
    found = told(before, recorded(second))
    assert set(expected) <= set(found), found
    assert second.control.faults()[0].fired > 0, planned


def changed(cassette: Cassette, step: str, **changes: Any) -> Cassette:
    exchanges = tuple(
        msgspec.structs.replace(each, response=msgspec.structs.replace(each.response, **changes))
        if each.step == step
        else each
        for each in cassette.exchanges
    )
    return msgspec.structs.replace(cassette, exchanges=exchanges)


@pytest.fixture
def good(an_org: Callable[[Seed], RunningOrg]) -> Cassette:
    return recorded(an_org(SEED))


def response_of(cassette: Cassette, step: str) -> Any:
    return next(each.response for each in cassette.exchanges if each.step == step)


def test_the_order_of_claims_counts(good: Cassette) -> None:
    token = good.tokens["access_token"]
    turned = msgspec.structs.replace(token, payload=dict(reversed(token.payload.items())))
    other = msgspec.structs.replace(good, tokens={**good.tokens, "access_token": turned})
    (only,) = told(good, other)
    assert only.startswith('tokens.access_token.payload (order): ["ver",')


def test_the_order_of_headers_does_not(good: Cassette) -> None:
    headers = response_of(good, "token").headers
    assert told(good, changed(good, "token", headers=dict(reversed(headers.items())))) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "public"}, '"no-cache, no-store" -> "public"'),
        ({"x-okta-request-id": None}, '"${any}" -> (none)'),
        ({"retry-after": "${any}"}, '(none) -> "${any}"'),
    ],
)
def test_a_header_that_clients_go_by_counts(
    good: Cassette, headers: dict[str, str | None], expected: str
) -> None:
    joined = {**response_of(good, "token").headers, **headers}
    given = {name: value for name, value in joined.items() if value is not None}
    assert told(good, changed(good, "token", headers=given)) == [
        f"token.headers.{next(iter(headers))}: {expected}"
    ]


def test_a_cookie_that_is_set_otherwise_counts(good: Cassette) -> None:
    response = response_of(good, "authorize")
    cookies = [line.replace("; HttpOnly", "") for line in response.headers["set-cookie"]]
    other = changed(good, "authorize", headers={**response.headers, "set-cookie": cookies})
    (only,) = told(good, other)
    assert only.startswith("authorize.headers.set-cookie: ")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"expires_in": 7200}, "token.body.expires_in: 3600 -> 7200"),
        ({"expires_in": "3600"}, 'token.body.expires_in: 3600 -> "3600"'),
        ({"access_token": 1}, 'token.body.access_token: "${access_token}" -> 1'),
        ({"device_secret": "${device_secret}"}, '(none) -> "${device_secret}"'),
    ],
)
def test_types_and_the_protocol_s_values_count_where_user_data_do_not(
    an_org: Callable[[Seed], RunningOrg], body: dict[str, Any], expected: str
) -> None:
    scrubbed = recorded(an_org(SEED), user_data="scrubbed")
    other = changed(scrubbed, "token", body={**response_of(scrubbed, "token").body, **body})
    (only,) = told(scrubbed, other)
    assert only.endswith(expected)


def test_a_step_that_only_one_has_is_named(good: Cassette) -> None:
    shorter = msgspec.structs.replace(good, exchanges=good.exchanges[:-1])
    assert told(good, shorter) == ["logout: recorded -> (none)"]
    assert told(shorter, good) == ["logout: (none) -> recorded"]


def test_the_command_tells_by_its_exit_status(
    good: Cassette, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    good.save(first)
    good.save(second)
    assert status_of("record", "drift", str(first), str(second)) == 0
    assert capsys.readouterr().out == ""
    changed(good, "token", status=500).save(second)
    assert status_of("record", "drift", str(first), str(second)) == 1
    assert capsys.readouterr().out == "token.status: 200 -> 500\n"
    second.write_text("version: 7")
    assert status_of("record", "drift", str(first), str(second)) == 2
    assert "version: expected 1, not 7" in capsys.readouterr().err

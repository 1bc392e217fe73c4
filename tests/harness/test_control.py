"""The control client against a real org: what a test may ask of it, and how mistakes are told."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from mock_okta import Seed, SeedUser
from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.control import Control, ControlError

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)


def test_the_org_tells_where_it_is_and_who_is_in_it(okta_control: Control, okta_url: str) -> None:
    facts = okta_control.org()
    assert facts.url == okta_url
    assert facts.issuers["default"] == f"{okta_url}/oauth2/default"
    assert "tester@example.com" in [user.login for user in facts.users]
    assert {"spa", "web", "service"} <= {client.type for client in facts.clients}


def test_what_was_seeded_is_in_the_org(okta_control: Control) -> None:
    app = an_app("My app").web().redirecting_to("http://localhost:3000/callback")
    seeded = okta_control.seed(a_user("ann@example.com"), app.with_client_id("0oa1"))
    assert [user.login for user in seeded.users] == ["ann@example.com"]
    assert seeded.clients[0].client_id == "0oa1"
    assert seeded.clients[0].client_secret
    facts = okta_control.org()
    assert "ann@example.com" in [user.login for user in facts.users]
    assert "0oa1" in [client.client_id for client in facts.clients]


def test_the_same_login_replaces_the_user(okta_control: Control) -> None:
    first = okta_control.seed(a_user("ann@example.com"))
    second = okta_control.seed(a_user("ann@example.com").with_password("another-1"))
    assert first.users[0].id == second.users[0].id
    passwords = [u.password for u in okta_control.org().users if u.login == "ann@example.com"]
    assert passwords == ["another-1"]


def test_the_servers_own_seed_type_is_taken(okta_control: Control) -> None:
    seed = Seed(users=(SeedUser(login="ann@example.com", password="mock-Password-1"),))
    assert [user.login for user in okta_control.seed(seed).users] == ["ann@example.com"]


def test_reset_brings_the_first_seed_back(okta_control: Control) -> None:
    before = okta_control.org()
    okta_control.seed(a_user("ann@example.com"), {"trusted_origins": ["http://localhost:9999"]})
    okta_control.reset()
    assert okta_control.org() == before


def test_a_mistake_in_a_seed_names_its_path(okta_control: Control) -> None:
    with pytest.raises(ControlError, match=r"400 E0000001 .*users") as refusal:
        okta_control.seed({"users": [{"login": "ann@example.com", "password": 1}]})
    assert refusal.value.status == 400


def test_a_frozen_clock_stands_until_it_is_moved(okta_control: Control) -> None:
    clock = okta_control.clock
    assert clock.freeze(NEW_YEAR) == NEW_YEAR
    assert clock.is_frozen()
    assert clock.now() == NEW_YEAR
    assert clock.advance(timedelta(hours=1)) == NEW_YEAR + timedelta(hours=1)
    assert clock.advance(1.5) == NEW_YEAR + timedelta(hours=1, seconds=1.5)


def test_a_clock_that_was_set_runs_on(okta_control: Control) -> None:
    clock = okta_control.clock
    assert clock.set(NEW_YEAR) >= NEW_YEAR
    assert not clock.is_frozen()
    first = clock.now()
    # The wire has milliseconds: two answers may well be within one.
    assert any(clock.now() > first for _ in range(1000))


def test_a_resumed_clock_runs_on_from_where_it_stood(okta_control: Control) -> None:
    clock = okta_control.clock
    clock.freeze(NEW_YEAR)
    clock.resume()
    assert any(clock.now() > NEW_YEAR for _ in range(1000))
    assert clock.now() < NEW_YEAR + timedelta(minutes=1)


def test_an_instant_without_a_time_zone_is_refused(okta_control: Control) -> None:
    naive = NEW_YEAR.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        okta_control.clock.freeze(naive)


def test_the_outbox_is_empty_at_first_and_can_be_emptied(okta_control: Control) -> None:
    okta_control.empty_outbox()
    assert okta_control.outbox() == ()


def test_an_org_that_is_not_there_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    control = Control(f"http://localhost:{port}")
    with pytest.raises(ControlError, match=rf"GET http://localhost:{port}/_mock/org: no answer"):
        control.org()

"""The control client with a real org: its methods, and how it reports mistakes."""

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from mock_okta import Config, KeyPool, Seed, SeedUser
from mock_okta.control.fetching import fetch
from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.control import Control, ControlError
from mock_okta_harness.running import org_in_a_thread

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture
def free_url() -> str:
    """Where nobody serves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://localhost:{listener.getsockname()[1]}"


def test_an_org_of_another_name_is_driven_where_it_listens(okta_key_pool: KeyPool) -> None:
    with org_in_a_thread(Config(hostname="org.invalid"), okta_key_pool) as org:
        assert org.control.org().url == org.url


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


def test_factors_are_reported_with_their_secrets(okta_control: Control) -> None:
    factors = [{"factor": "google_otp"}, {"factor": "okta_email"}]
    user = {"login": "ann@example.com", "password": "mock-Password-1", "factors": factors}
    okta_control.seed({"users": [user]})
    (ann,) = [each for each in okta_control.org().users if each.login == "ann@example.com"]
    google, email = ann.factors
    assert (google.factor, email.factor) == ("google_otp", "okta_email")
    assert len(google.secret) == 32
    assert email.secret == ""


def _sign_in(org_url: str, login: str = "tester@example.com") -> None:
    """Have a session at the org, as a browser would."""
    body = {"username": login, "password": "mock-Password-1"}
    status, answer = fetch(f"{org_url}/api/v1/authn", None, "POST", json.dumps(body).encode())
    assert status == 200, answer
    token = {"sessionToken": json.loads(answer)["sessionToken"]}
    status, answer = fetch(f"{org_url}/api/v1/sessions", None, "POST", json.dumps(token).encode())
    assert status == 200, answer


def test_sessions_are_shown_and_ended(okta_control: Control, okta_url: str) -> None:
    okta_control.seed(a_user("ann@example.com").with_password("mock-Password-1"))
    for login in ("tester@example.com", "ann@example.com", "tester@example.com"):
        _sign_in(okta_url, login)
    first, second, third = okta_control.sessions()
    assert (first.login, second.login) == ("tester@example.com", "ann@example.com")
    assert first.created_at < first.expires_at
    assert okta_control.sessions(user="ann@example.com") == (second,)
    okta_control.end_session(third)
    assert okta_control.sessions() == (first, second)
    okta_control.end_session(first.id)
    assert okta_control.sessions() == (second,)
    _sign_in(okta_url)
    okta_control.end_sessions(user="tester@example.com")
    assert okta_control.sessions() == (second,)
    okta_control.end_sessions()
    assert okta_control.sessions() == ()


def test_tokens_are_revoked_of_whom_is_meant(okta_control: Control, okta_url: str) -> None:
    app = an_app("Job").service().with_client_id("0oa1job")
    (client,) = okta_control.seed(app).clients

    def ask(endpoint: str, **form: str) -> Any:
        own = {"client_id": client.client_id, "client_secret": client.client_secret}
        url = f"{okta_url}/oauth2/default/v1/{endpoint}"
        return json.load(urlopen(url, urlencode(own | form).encode()))  # noqa: S310 -- ours

    def lives(token: str) -> bool:
        return bool(ask("introspect", token=token)["active"])

    def token() -> str:
        answer = ask("token", grant_type="client_credentials", scope="messages.read")
        return str(answer["access_token"])

    first = token()
    okta_control.revoke_tokens(user="tester@example.com")
    okta_control.revoke_tokens(client_id="0oa1svc00000000000h7")
    assert lives(first)
    okta_control.revoke_tokens(client_id=client.client_id)
    assert not lives(first)
    second = token()
    okta_control.revoke_tokens()
    assert not lives(second)


def test_what_was_seeded_can_be_removed(okta_control: Control) -> None:
    before = okta_control.org()
    server = {"authorization_servers": [{"id": "extra"}]}
    origin = {"trusted_origins": ["http://localhost:9999"]}
    app = an_app("My app").web().redirecting_to("http://localhost:3000/callback")
    okta_control.seed(a_user("ann@example.com"), app.with_client_id("0oa1/odd id"), server, origin)
    assert okta_control.org() != before
    okta_control.remove_user("ann@example.com")
    okta_control.remove_client("0oa1/odd id")
    okta_control.remove_authorization_server("extra")
    okta_control.remove_trusted_origin("http://localhost:9999")
    assert okta_control.org() == before
    with pytest.raises(ControlError, match=r"404 E0000007 .*ann@example.com") as refusal:
        okta_control.remove_user("ann@example.com")
    assert refusal.value.status == 404


def test_a_users_status_is_changed_by_oktas_verbs(okta_control: Control) -> None:
    login = "starter@example.com"
    okta_control.seed(a_user(login).staged())
    begun = okta_control.change_user(login, "activate")
    assert (begun.login, begun.status) == (login, "PROVISIONED")
    (message,) = okta_control.outbox()
    assert begun.link == message.link
    assert "/welcome/" in message.link
    statuses = {user.login: user.status for user in okta_control.org().users}
    assert statuses[login] == "PROVISIONED"
    with pytest.raises(ControlError, match=f"E0000038.*{login} is PROVISIONED"):
        okta_control.change_user(login, "suspend")


def test_a_snapshot_is_gone_back_to(okta_control: Control) -> None:
    okta_control.clock.freeze(NEW_YEAR)
    okta_control.seed(a_user("ann@example.com"))
    taken = okta_control.take_snapshot("with ann/1")
    try:
        assert (taken.name, taken.taken_at) == ("with ann/1", NEW_YEAR)
        before = okta_control.org()
        okta_control.reset()
        assert okta_control.snapshots() == (taken,)
        okta_control.restore_snapshot("with ann/1")
        assert okta_control.org() == before
        assert okta_control.clock.now() == NEW_YEAR
    finally:
        okta_control.forget_snapshot("with ann/1")
    assert okta_control.snapshots() == ()
    with pytest.raises(ControlError, match="404"):
        okta_control.restore_snapshot("with ann/1")


def test_a_running_org_is_ready(okta_control: Control) -> None:
    assert any(okta_control.is_ready() for _ in range(10_000))


def test_an_org_that_is_not_there_is_not_ready(free_url: str) -> None:
    assert not Control(free_url).is_ready()


def test_what_is_no_org_is_not_waited_for(okta_control: Control) -> None:
    with pytest.raises(ControlError, match="404"):
        Control(f"{okta_control.url}/nowhere").is_ready()


def test_an_org_with_a_token_takes_it_alone(okta_key_pool: KeyPool) -> None:
    with org_in_a_thread(Config(control_token="secret-1"), okta_key_pool) as org:
        assert org.control.org().url == org.url
        assert "secret-1" not in repr(org)
        for token in (None, "wrong"):
            with pytest.raises(ControlError, match="401 E0000011"):
                Control(org.url, token=token).org()


def test_an_org_that_is_not_there_is_one_clear_error(free_url: str) -> None:
    with pytest.raises(ControlError, match=rf"GET {free_url}/_mock/org: no answer"):
        Control(free_url).org()


def test_what_a_user_would_get_is_previewed(okta_control: Control) -> None:
    spa = next(each for each in okta_control.org().clients if each.type == "spa")
    shown = okta_control.preview(
        "tester@example.com", client_id=spa.client_id, scopes=["openid", "email"]
    )
    assert shown.id_token is not None
    assert shown.id_token["email"] == "tester@example.com"
    refused = okta_control.preview(
        "tester@example.com", client_id=spa.client_id, scopes=["made_up"]
    )
    assert [each.subject for each in refused.decisions if not each.allowed] == ["scopes"]


def test_a_snapshot_is_compared_with_the_org(okta_control: Control) -> None:
    okta_control.take_snapshot("compared")
    okta_control.seed(a_user("ann@example.com"))
    added = [each for each in okta_control.changes_since("compared") if each.change == "added"]
    assert "users" in [each.collection for each in added]


def test_families_ends_and_the_program_are_shown(okta_control: Control) -> None:
    assert okta_control.refresh_families() == ()
    with pytest.raises(ControlError):
        okta_control.end_family("unknown")
    assert "signing key" in [each.what for each in okta_control.deadlines()]
    assert "GET /api/v1/sessions/me" in okta_control.about().served

"""Cassettes as files: what is in them, how they are made and made again, by the command too."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mock_okta_harness.builders import UserBuilder, a_user, an_app
from mock_okta_harness.recorder import CassetteError, load_cassette, read_cassette
from mock_okta_harness.recorder.order import SignInOrder
from mock_okta_harness.recorder.own_org import Wanted
from mock_okta_harness.recorder.refresh import record_of_own
from mock_okta_harness.recorder.sign_in import SignInFailedError, record_sign_in
from mock_okta_harness.running import RunningOrg
from tests.harness.commands import MOCK_OKTA, status_of

OWN = Path(__file__).parent.parent / "cassettes"
STEPS = [
    *("discovery", "keys", "authn-refused", "authn", "authorize", "token"),
    *("userinfo", "userinfo-refused", "introspect", "token-refused", "logout"),
]
SEED_FILE = """
users:
  - login: second@example.com
    password: mock-Password-2
    profile: {firstName: Second, lastName: User}
clients:
  - name: Own app
    type: web
    client_id: 0oa1own00000000000h7
    login_redirect_uris: [http://localhost:3000/done]
authorization_servers:
  - id: default
"""


def record(*words: str) -> int:
    """The command, in a thread: where a synchronous Playwright is open, this one has a loop."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(status_of, "record", *words).result()


@pytest.fixture(autouse=True)
def no_org_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("OKTA_") or name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "sign-in.yaml"
    record_of_own(Wanted(), None, None).cassette().save(path)
    return path


@pytest.fixture
def made(made_once: Path, tmp_path: Path) -> Path:
    """A cassette of an own org, in a folder of its own."""
    path = tmp_path / "sign-in.yaml"
    path.write_bytes(made_once.read_bytes())
    return path


def test_a_cassette_says_how_and_when_it_was_made(made: Path) -> None:
    cassette = read_cassette(made)
    assert [each.step for each in cassette.exchanges] == STEPS
    assert (cassette.version, cassette.made.org, cassette.made.way) == (1, "own", "http")
    assert timedelta(0) < datetime.now(UTC) - cassette.recorded_at < timedelta(hours=1)
    assert list(cassette.tokens) == ["access_token", "id_token"]
    statuses = {each.step: each.response.status for each in cassette.exchanges}
    assert (statuses["authn-refused"], statuses["userinfo-refused"]) == (401, 401)
    assert (statuses["token-refused"], statuses["logout"]) == (400, 302)


def test_the_file_reads_a_field_a_line(made: Path) -> None:
    lines = made.read_text().splitlines()
    assert "      exp: ${now+3600}" in lines
    assert "      sessionToken: ${session_token}" in lines
    assert max(map(len, lines)) < 300
    cassette = read_cassette(made)
    assert cassette.text() == made.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "not YAML"),
        ("- 1", "version: expected 1, not None"),
        ("version: 2", "version: expected 1, not 2"),
        ("version: 1", "recorded_at"),
    ],
)
def test_a_file_that_is_no_cassette_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(CassetteError, match=said) as refused:
        read_cassette(tmp_path / "a.yaml")
    assert "a.yaml" in str(refused.value)


def test_a_file_that_says_the_same_as_before_stays_untouched(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = made.read_bytes()
    assert record("refresh", str(made.parent)) == 0
    assert made.read_bytes() == before
    assert capsys.readouterr().out == f"{made}: unchanged\n"


def test_an_own_org_s_cassette_asks_nothing_of_the_environment(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISSUER", "https://your-org.okta.com/oauth2/default")
    assert record("refresh", str(made), "--check") == 0
    assert record("sign-in", "--own", "--out", str(made)) == 0


def test_what_changed_is_reported_and_written(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = made.read_text()
    made.write_text(right.replace("expires_in: 3600", "expires_in: 300"))
    assert record("refresh", str(made), "--check") == 1
    assert capsys.readouterr().out == f"{made}: token.body.expires_in: 300 -> 3600\n"
    assert "expires_in: 300\n" in made.read_text()
    assert record("refresh", str(made)) == 0
    assert "expires_in: 3600\n" in made.read_text()
    assert record("refresh", str(made), "--check") == 0


def test_a_cassette_of_an_own_org_with_a_seed_is_made_again_of_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed, path = tmp_path / "org.yml", tmp_path / "second.yaml"
    seed.write_text(SEED_FILE)
    who = ("--login", "second@example.com", "--client", "0oa1own00000000000h7")
    assert record("sign-in", "--out", str(path), "--seed", str(seed), *who) == 0
    loaded = load_cassette(path)
    assert loaded.claims["id_token"]["name"] == "Second User"
    assert loaded.client_id == loaded.claims["access_token"]["cid"] == "0oa1own00000000000h7"
    capsys.readouterr()
    assert record("refresh", str(path), "--seed", str(seed), "--check") == 0
    seed.write_text(SEED_FILE.replace("lastName: User", "lastName: Person"))
    assert record("refresh", str(path), "--seed", str(seed), "--check") == 1
    out = capsys.readouterr().out
    assert f'{path}: tokens.id_token.payload.name: "Second User" -> "Second Person"\n' in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--login", "nobody@example.com"], "no user nobody@example.com"),
        (["--client", "0oa0"], "no client 0oa0"),
        (["--redirect-uri", "http://localhost:1/x"], "authorize: 400"),
        (["--scopes", "openid made_up"], "authorize: 302: invalid_scope"),
        (["--scopes", "profile", "--authorization-server", "none"], "discovery: 404: E0000007"),
    ],
)
def test_nothing_is_written_when_nobody_gets_tokens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    path = tmp_path / "a.yaml"
    assert record("sign-in", "--out", str(path), *words) == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: Nothing recorded: ")
    assert said in told
    assert not path.exists()


def test_the_folder_of_a_new_cassette_is_made(tmp_path: Path) -> None:
    path = tmp_path / "tests" / "cassettes" / "sign-in.yaml"
    assert record("sign-in", "--out", str(path)) == 0
    assert [each.step for each in read_cassette(path).exchanges] == STEPS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sign-in", "--out", "{}"], "Nothing recorded: {}: Is a directory\n"),
        (
            ["sign-in", "--out", "{}/file/a.yaml"],
            "Nothing recorded: {}/file/a.yaml: Not a dir",
        ),
        (
            ["refresh", "{}/no.yaml"],
            "Not all recorded: {}/no.yaml: No such file or directory\n",
        ),
        (
            ["drift", "{}/no.yaml", "{}"],
            "Not compared: {}/no.yaml: No such file or directory\n",
        ),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="it has other words for that")
def test_a_file_that_cannot_be_is_named_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (tmp_path / "file").touch()
    assert record(*(word.format(tmp_path) for word in words)) != 0
    told = capsys.readouterr().err
    assert told.startswith(f"Error: {said.format(tmp_path)}")
    assert told.count("\n") == 1


def order_at(org: RunningOrg, username: str = "tester@example.com") -> SignInOrder:
    return SignInOrder(
        org_url=org.url,
        issuer=org.issuer("org"),
        client_id="0oa1spa00000000000h7",
        username=username,
        password="mock-Password-1",
    )


def environment_of(org: RunningOrg, **changes: str) -> dict[str, str]:
    return {
        "OKTA_ORG_URL": org.url,
        "OKTA_CLIENT_ID": "0oa1env00000000000h7",
        "OKTA_USERNAME": "second@corp.example",
        "OKTA_PASSWORD": "mock-Password-2",
        "OKTA_REDIRECT_URI": "https://intranet.corp.example/done",
        **changes,
    }


@pytest.fixture
def real_org(okta_org: RunningOrg) -> RunningOrg:
    """An org in another process, by its URL and credentials."""
    app = an_app("Elsewhere").with_client_id("0oa1env00000000000h7")
    okta_org.control.seed(
        a_user("second@corp.example", "mock-Password-2").named("Second", "Userson"),
        app.redirecting_to("https://intranet.corp.example/done"),
    )
    return okta_org


@pytest.mark.process
def test_an_org_elsewhere_is_recorded_by_what_the_environment_says(
    real_org: RunningOrg, tmp_path: Path
) -> None:
    path = tmp_path / "real.yaml"
    command = [*MOCK_OKTA, "record", "sign-in", "--out", str(path)]
    done = subprocess.run(
        command,
        env={**os.environ, **environment_of(real_org)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    cassette = read_cassette(path)
    assert (cassette.made.org, cassette.made.user_data) == ("given", "scrubbed")
    assert [each.step for each in cassette.exchanges] == STEPS
    text = path.read_text()
    assert "corp.example" not in text
    assert "Userson" not in text


def test_a_cassette_of_an_org_elsewhere_is_made_again_there_alone(
    real_org: RunningOrg,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "real.yaml"
    with monkeypatch.context() as elsewhere:
        for name, value in environment_of(real_org).items():
            elsewhere.setenv(name, value)
        assert record("sign-in", "--out", str(path)) == 0
        assert record("refresh", str(path), "--check") == 0
        real_org.control.seed(
            a_user("second@corp.example", "mock-Password-2").with_profile(nickName="Nicky-2")
        )
        capsys.readouterr()
        assert record("refresh", str(path)) == 0
        assert 'userinfo.body.nickname: (none) -> "scrubbed"' in capsys.readouterr().out
    before = path.read_bytes()
    assert record("refresh", str(path)) == 0
    assert "skipped" in capsys.readouterr().out
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("OKTA_PASSWORD", "Set OKTA_PASSWORD:"), ("OKTA_CLIENT_ID", "Set OKTA_CLIENT_ID:")],
)
def test_what_the_environment_lacks_is_named(
    real_org: RunningOrg,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    left_out: str,
    said: str,
) -> None:
    for name, value in environment_of(real_org, **{left_out: ""}).items():
        monkeypatch.setenv(name, value)
    assert record("sign-in", "--out", str(tmp_path / "a.yaml")) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("user", "said"),
    [
        (a_user("second@example.com").locked_out(), r"^authn: 401: E0000004"),
        (a_user("second@example.com").with_expired_password(), "^authn: 200: PASSWORD_EXPIRED$"),
        (a_user("third@example.com").with_factor("google_otp"), "MFA_REQUIRED.*second factor"),
    ],
    ids=["locked out", "password expired", "second factor"],
)
def test_a_user_who_gets_no_session_is_reported(
    okta_org: RunningOrg, user: UserBuilder, said: str
) -> None:
    rule = {"name": "Asks those", "require_factor": True, "users": ["third@example.com"]}
    policy = {"name": "Asks", "rules": [rule, {"name": "All others"}]}
    okta_org.control.seed(a_user("third@example.com"))
    okta_org.control.seed(user, {"sign_on_policies": [policy]})
    with pytest.raises(SignInFailedError, match=said):
        record_sign_in(order_at(okta_org, username=user.login))


def test_the_org_authorization_server_is_recorded_too(okta_org: RunningOrg) -> None:
    cassette = record_sign_in(order_at(okta_org)).cassette()
    assert cassette.made.authorization_server == "org"
    assert cassette.tokens["id_token"].payload["iss"] == "${org}"


def test_an_org_that_is_not_there_is_named_without_what_is_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = environment_of(RunningOrg("http://127.0.0.1:9"))
    for name, value in nowhere.items():
        monkeypatch.setenv(name, value)
    assert record("sign-in", "--out", str(tmp_path / "a.yaml")) == 1
    told = capsys.readouterr().err
    assert told.startswith(
        "Error: Nothing recorded: discovery: GET http://127.0.0.1:9/oauth2/default/"
    )


def test_our_own_cassettes_say_what_the_org_says() -> None:
    """If not, and if that is meant: `nox -s record`."""
    assert record("refresh", str(OWN / "http.yaml"), "--check") == 0


@pytest.mark.browser
def test_a_sign_in_by_the_widget_is_recorded_and_made_again() -> None:
    """If it differs, and if that is meant: `nox -s record`."""
    path = OWN / "widget-3.2.2.yaml"
    steps = [each.step for each in read_cassette(path).exchanges]
    assert {"authn", "authorize", "keys", "session"} <= set(steps)
    assert record("refresh", str(path), "--check") == 0
    assert load_cassette(path).claims["id_token"]["nonce"] == "recorded-nonce"

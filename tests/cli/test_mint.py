"""`mock-okta mint`, as a person and as scripts run it."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from mock_okta import Config, MockOkta
from tests.cli.serving import Finished, is_one_clear_line
from tests.verifying import AUDIENCE, verified
from tests.visiting import SERVICE, SPA

Ran = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def command(tmp_path: Path) -> Ran:
    """Run `mock-okta mint` to its end."""

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mock_okta", "mint", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return ran


@pytest.mark.process
def test_the_command_prints_tokens_and_their_jwks(command: Ran, tmp_path: Path) -> None:
    done = command(
        *("--user", "mine@example.com", "--client-id", SPA, "--issuer", "https://a.test/oauth2/b"),
        *("--scope", "openid", "--scope", "read", "--claim", "level=3", "--claim", "tier=gold"),
        *("--id-token-claim", 'groups=["a"]', "--lifetime", "60", "--nonce", "n"),
        *("--jwks", "jwks.json"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed = json.loads(done.stdout)
    jwks = json.loads((tmp_path / "jwks.json").read_text())
    assert jwks == printed["jwks"]
    issuer = printed["issuer"]
    assert issuer == "https://a.test/oauth2/b"
    access = verified(printed["access_token"], jwks, issuer=issuer, audience=AUDIENCE)
    identity = verified(printed["id_token"], jwks, issuer=issuer, audience=SPA)
    assert (access["sub"], access["scp"]) == ("mine@example.com", ["openid", "read"])
    assert (access["level"], access["tier"]) == (3, "gold")
    assert access["exp"] - access["iat"] == 60
    assert (identity["groups"], identity["nonce"]) == (["a"], "n")


def test_the_command_mints_broken_ones(invoke: Callable[..., Finished]) -> None:
    done = invoke("mint", "--broken", "expired", "--without", "jti", "--only", "access_token")
    claims = jwt.decode(done.out.strip(), options={"verify_signature": False})
    assert claims["exp"] < datetime.now(UTC).timestamp()
    assert "jti" not in claims


@pytest.mark.process
def test_the_command_mints_for_the_org_in_a_state_directory(command: Ran, tmp_path: Path) -> None:
    first, second = command("--state-dir", "state"), command("--state-dir", "state")
    assert json.loads(first.stdout)["jwks"] == json.loads(second.stdout)["jwks"]
    with MockOkta(Config(state_dir=tmp_path / "state")) as org:
        token = command("--state-dir", "state", "--issuer", org.issuer(), "--only", "id_token")
        keys = org.issuer() + "/v1/keys"
        claims = jwt.decode(
            token.stdout.strip(),
            jwt.PyJWKClient(keys).get_signing_key_from_jwt(token.stdout.strip()),
            algorithms=["RS256"],
            audience="0oa1spa00000000000h7",
        )
    assert claims["email"] == "tester@example.com"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--broken", "bent"], "'bent'"),
        (["--claim", "tier"], "NAME=VALUE"),
        (["--lifetime", "0"], "0"),
        (["--lifetime", "9" * 17], "9" * 17),
        (["--jwks", "missing/jwks.json"], "missing/jwks.json"),
        (["missing.yaml"], "missing.yaml"),
        (["--issuer", "http://localhost/oauth2/a/b"], "authorization server"),
        (["--client-id", SERVICE, "--only", "id_token"], "ID token"),
        (["--state-dir", "file"], "file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_command_tells_a_mistake_in_one_clear_line(
    invoke: Callable[..., Finished], tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "file").touch()
    done = invoke("mint", *arguments)
    assert is_one_clear_line(done)
    assert named in done.err
    assert done.out == ""

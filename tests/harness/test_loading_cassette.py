"""A cassette's tokens are valid now, whenever they were recorded, for verifiers of others too."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest

from mock_okta.process.tls import Authority
from mock_okta_harness.builders import an_app
from mock_okta_harness.recorder import CassetteError, load_cassette, read_cassette
from mock_okta_harness.recorder.order import SignInOrder
from mock_okta_harness.recorder.sign_in import record_sign_in
from mock_okta_harness.running import RunningOrg
from tests.visiting import half_hash

CLIENT_ID = "0oa1rec00000000000h7"
CALLBACK = "http://localhost:8080/authorization-code/callback"
A_YEAR = timedelta(days=365)


@pytest.fixture
def of_last_year(okta_org: RunningOrg, tmp_path: Path) -> Path:
    """A cassette that was recorded a year ago."""
    app = an_app("Recorded").with_client_id(CLIENT_ID).redirecting_to(CALLBACK)
    okta_org.control.seed(app)
    okta_org.control.clock.set(datetime.now(UTC) - A_YEAR)
    order = SignInOrder(
        org_url=okta_org.url,
        issuer=okta_org.issuer(),
        client_id=CLIENT_ID,
        username="tester@example.com",
        password="mock-Password-1",
        user_data="kept",
    )
    path = tmp_path / "sign-in.yaml"
    record_sign_in(order).cassette().save(path)
    assert datetime.now(UTC) - read_cassette(path).recorded_at > timedelta(days=364)
    return path


def verified(token: str, jwks: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """Verify a token by PyJWT, times and all."""
    key = jwt.PyJWKSet.from_dict(jwks)[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], options={"require": ["exp", "iat"]}, **asked
    )
    return claims


def test_tokens_of_last_year_are_valid_now(of_last_year: Path) -> None:
    loaded = load_cassette(of_last_year)
    access = verified(loaded.access_token, loaded.jwks, audience="api://default")
    identity = verified(loaded.id_token, loaded.jwks, audience=CLIENT_ID, issuer=loaded.issuer)
    assert access == loaded.claims["access_token"]
    assert access["exp"] - access["iat"] == 3600
    assert access["iat"] == identity["iat"] == loaded.at.timestamp()
    assert identity["at_hash"] == half_hash(loaded.access_token)
    assert (identity["nonce"], identity["sub"]) == (loaded.nonce, access["uid"])


def test_nothing_of_the_org_s_own_key_is_left(of_last_year: Path, okta_org: RunningOrg) -> None:
    loaded = load_cassette(of_last_year)
    published = okta_org.control.mint().jwks["keys"][0]
    (key,) = loaded.jwks["keys"]
    assert list(key) == list(published)
    assert key["kid"] != published["kid"]
    assert key["n"] != published["n"]


@pytest.mark.parametrize("days", [-400, 400])
def test_tokens_are_of_the_instant_that_is_asked_for(of_last_year: Path, days: int) -> None:
    at = datetime.now(UTC) + timedelta(days=days)
    loaded = load_cassette(of_last_year, at=at)
    assert loaded.claims["access_token"]["iat"] == int(at.timestamp())
    with pytest.raises((jwt.ExpiredSignatureError, jwt.ImmatureSignatureError)):
        verified(loaded.access_token, loaded.jwks, audience="api://default")


def test_an_instant_without_a_time_zone_is_refused(of_last_year: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        load_cassette(of_last_year, at=datetime(2030, 1, 1))  # noqa: DTZ001 -- on purpose


def test_the_exchanges_hold_the_same_tokens_and_times(of_last_year: Path) -> None:
    loaded = load_cassette(of_last_year, org_url="https://login.example.com/")
    steps = loaded.exchanges
    token = steps["token"]
    assert token.body["access_token"] == loaded.access_token
    assert steps["userinfo"].request_headers["authorization"] == f"Bearer {loaded.access_token}"
    assert steps["introspect"].body["exp"] == loaded.claims["access_token"]["exp"]
    assert loaded.issuer == "https://login.example.com/oauth2/default"
    assert token.url == f"{loaded.issuer}/v1/token"
    assert steps["discovery"].body["issuer"] == loaded.issuer
    assert steps["keys"].body == loaded.jwks
    expiry = datetime.fromisoformat(steps["authn"].body["expiresAt"])
    assert expiry == loaded.at + timedelta(minutes=5)
    assert "${" not in str(loaded)


def test_every_loading_has_ids_of_its_own(of_last_year: Path) -> None:
    jtis = [load_cassette(of_last_year).claims["access_token"]["jti"] for _ in range(2)]
    assert jtis[0] != jtis[1]
    assert all(jti.startswith("AT.") for jti in jtis)


def test_a_token_that_was_not_recorded_is_named(of_last_year: Path) -> None:
    text = of_last_year.read_text()
    without = text[: text.index("  id_token:")] + text[text.index("exchanges:") :]
    of_last_year.write_text(without)
    with pytest.raises(CassetteError, match="has no id token"):
        _ = load_cassette(of_last_year).id_token


OKTA_VERIFIER = """
import json, sys
from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
given = json.load(sys.stdin)
AccessTokenVerifier(given["issuer"], "api://default").verify_sync(given["access_token"])
identity = IDTokenVerifier(given["issuer"], given["client_id"], "api://default")
identity.verify_sync(given["id_token"], nonce=given["nonce"])
print("accepted")
"""


@contextmanager
def publishing(folder: Path) -> Iterator[tuple[HTTPServer, str]]:
    """Serve whatever the server's `jwks` is over https."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(self.server.jwks).encode()  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    leaf = Authority.load_or_create(folder).issue(())
    (folder / "leaf.pem").write_bytes(leaf.certificate_chain_pem + leaf.private_key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server, f"https://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.process
def test_okta_s_own_verifier_accepts_tokens_of_last_year(
    of_last_year: Path, tmp_path: Path
) -> None:
    with publishing(tmp_path) as (server, url):
        loaded = load_cassette(of_last_year, org_url=url)
        server.jwks = loaded.jwks  # type: ignore[attr-defined]
        given = {
            "issuer": loaded.issuer,
            "client_id": loaded.client_id,
            "nonce": loaded.nonce,
            **loaded.tokens,
        }
        ca = str(next(path for path in tmp_path.rglob("ca*.pem")))
        done = subprocess.run(
            [sys.executable, "-c", OKTA_VERIFIER],
            input=json.dumps(given),
            env={"SSL_CERT_FILE": ca, "REQUESTS_CA_BUNDLE": ca},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.strip() == "accepted", done.stderr


def test_the_fixture_finds_cassettes_beside_the_tests(
    strict_project: pytest.Pytester, of_last_year: Path
) -> None:
    folder = strict_project.mkdir("cassettes")
    (folder / "sign-in.yaml").write_bytes(of_last_year.read_bytes())
    strict_project.makepyfile("""
        import jwt

        def test_valid(okta_cassette):
            loaded = okta_cassette("sign-in.yaml", org_url="https://login.example.com")
            key = jwt.PyJWKSet.from_dict(loaded.jwks).keys[0]
            jwt.decode(loaded.access_token, key, audience=loaded.audience, issuer=loaded.issuer)
        """)
    strict_project.runpytest_subprocess().assert_outcomes(passed=1)

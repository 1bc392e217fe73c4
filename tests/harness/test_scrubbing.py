"""Nothing secret gets into a cassette, and nothing of a real org's user: the bytes are searched."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import jwt
import pytest

from mock_okta import (
    Claim,
    Config,
    GroupsFilter,
    KeyPool,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedUser,
)
from mock_okta.control.recorded_requests import RecordedRequest
from mock_okta_harness.recorder.cassette import Making
from mock_okta_harness.recorder.known_values import KnownValues, SecretLeftError
from mock_okta_harness.recorder.order import SignInOrder
from mock_okta_harness.recorder.raw_exchange import RawExchange
from mock_okta_harness.recorder.recording import Recording
from mock_okta_harness.recorder.sign_in import SignInFailedError, record_sign_in
from mock_okta_harness.running import RunningOrg, org_in_a_thread

LOGIN, PASSWORD = "second.user+x@corp.example", 'Odd "Pass"/word&=+%1'
CLIENT_ID, SECRET = "0oa1prv00000000000h7", "odd/secret+with:characters&=%"
SERVER = "aus1prv00000000000h7"
APP = "https://intranet.corp.example"
PERSONAL = {
    "firstName": "Secondlyn",
    "lastName": "Userson",
    "nickName": "Nicky-2",
    "primaryPhone": "+1 555 0142",
    "streetAddress": "42 Private Street",
    "city": "Privateville",
    "department": "Mergers and Acquisitions",
    "employeeNumber": "E-004711",
    "title": "Chief of Testing",
    "profileUrl": "https://people.corp.example/2",
}
REAL = Seed(
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            profile=PERSONAL,
            groups=("Everyone", "Layoffs 2027"),
        ),
    ),
    clients=(
        SeedClient(
            name="Intranet",
            type="web",
            client_id=CLIENT_ID,
            client_secret=SECRET,
            login_redirect_uris=(f"{APP}/callback",),
            logout_redirect_uris=(f"{APP}/bye",),
            grant_types=("authorization_code", "refresh_token"),
        ),
    ),
    authorization_servers=(
        SeedAuthorizationServer(
            id=SERVER,
            claims=(
                Claim(name="department", token="access_token", attribute="department"),
                Claim(name="status", token="access_token", attribute="title"),
                Claim(name="level", token="access_token", value=4711),
                Claim(name="fired", token="access_token", value=False),
                Claim(
                    name="groups",
                    token="id_token",
                    groups=GroupsFilter(starts_with=""),
                    always_include=True,
                ),
                Claim(
                    name="number",
                    token="id_token",
                    attribute="employeeNumber",
                    always_include=True,
                ),
            ),
        ),
    ),
)
SECRET_FIELDS = {
    *("password", "sessionToken", "code", "state", "nonce", "code_verifier", "code_challenge"),
    *("access_token", "id_token", "refresh_token", "id_token_hint", "token", "client_secret"),
}


@pytest.fixture(scope="module")
def real_org(shared_pool: KeyPool) -> Iterator[RunningOrg]:
    """An org that stands for a real one: nothing in it was made up for a recording."""
    with org_in_a_thread(Config(seed=REAL), shared_pool) as org:
        yield org


@pytest.fixture
def order(real_org: RunningOrg) -> SignInOrder:
    real_org.control.clear_requests()
    return SignInOrder(
        org_url=real_org.url,
        issuer=real_org.issuer(SERVER),
        client_id=CLIENT_ID,
        client_secret=SECRET,
        username=LOGIN,
        password=PASSWORD,
        redirect_uri=f"{APP}/callback",
        logout_redirect_uri=f"{APP}/bye",
        scopes=("openid", "profile", "email", "phone", "address", "offline_access"),
    )


def written(order: SignInOrder, path: Path) -> bytes:
    record_sign_in(order).cassette().save(path)
    return path.read_bytes()


def named_in(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for each, inner in value.items():
            yield from named_in(inner, each)
    elif isinstance(value, list):
        for each in value:
            yield from named_in(each, name)
    elif isinstance(value, str):
        yield name, value


def parsed(kind: str, text: str) -> Any:
    if "json" in kind and text:
        return json.loads(text)
    return dict(parse_qsl(text)) if "form" in kind else {}


def secrets_on_the_wire(requests: tuple[RecordedRequest, ...]) -> set[str]:
    """What the org's own log has in places for secrets, found without the recorder's tables."""
    found: set[str] = set()
    for each in requests:
        location = urlsplit(each.response_headers.get("location", ""))
        places = (
            dict(parse_qsl(each.query)),
            parsed(each.headers.get("content-type", ""), each.body),
            parsed(each.response_headers.get("content-type", ""), each.response_body),
            dict(parse_qsl(location.query)),
        )
        found |= {
            value for place in places for name, value in named_in(place) if name in SECRET_FIELDS
        }
        found |= {each.headers.get("authorization", "none none").split(" ")[1]}
        cookies = f"{each.headers.get('cookie', '')}; {each.response_headers.get('set-cookie', '')}"
        found |= {part.partition("=")[2] for part in cookies.split("; ")}
    signatures = {value.rpartition(".")[2] for value in found if value.count(".") == 2}
    return {each for each in found | signatures if len(each) > 10 and " GMT" not in each}


def forms_of(value: str) -> set[bytes]:
    """How a value may be written."""
    plain = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
    encoded = {base64.b64encode(value.encode()).decode().rstrip("=")}
    return {form.encode() for form in plain | encoded}


@pytest.mark.parametrize("user_data", ["kept", "scrubbed"])
def test_no_secret_that_was_used_is_in_the_file(
    order: SignInOrder, real_org: RunningOrg, tmp_path: Path, user_data: str
) -> None:
    content = written(replace(order, user_data=user_data), tmp_path / "a.yaml")
    secrets = secrets_on_the_wire(real_org.control.requests()) | {PASSWORD, SECRET}
    assert len(secrets) > 15
    left = {value for value in secrets for form in forms_of(value) if form in content}
    assert left == set()
    both = f"{CLIENT_ID}:{SECRET}"
    assert base64.b64encode(both.encode()) not in content


def test_keys_and_ids_of_the_day_are_not_in_the_file(
    order: SignInOrder, real_org: RunningOrg, tmp_path: Path
) -> None:
    content = written(order, tmp_path / "a.yaml").decode()
    for request in real_org.control.requests():
        assert request.response_headers["x-okta-request-id"] not in content
    (key,) = real_org.control.mint(authorization_server=SERVER).jwks["keys"]
    assert key["kid"] not in content
    assert key["n"] not in content


def test_nothing_of_a_real_org_s_user_or_app_is_in_the_file(
    order: SignInOrder, real_org: RunningOrg, tmp_path: Path
) -> None:
    content = written(order, tmp_path / "a.yaml")
    (user,) = real_org.control.org().users
    private = {LOGIN, user.id, CLIENT_ID, SERVER, "corp.example", "4711", "Layoffs"}
    private |= {*PERSONAL.values(), urlsplit(real_org.url).netloc}
    left = {value for value in private for form in forms_of(value) if form in content}
    assert left == set()
    recording = str([*map(vars, record_sign_in(order).exchanges)])
    assert {LOGIN, "Userson", "42 Private Street", "corp.example"} <= {
        value for value in private if value in recording
    }


def test_what_is_scrubbed_keeps_its_name_and_its_type(order: SignInOrder) -> None:
    cassette = record_sign_in(order).cassette()
    access = cassette.tokens["access_token"].payload
    identity = cassette.tokens["id_token"].payload
    assert access["iss"] == "${org}/oauth2/default"
    assert (access["cid"], access["sub"]) == ("0oa1spa00000000000h7", "tester@example.com")
    assert (access["department"], access["status"]) == ("scrubbed", "scrubbed")
    assert (access["level"], access["fired"]) == (0, True)
    assert identity["groups"] == ["scrubbed", "scrubbed"]
    assert identity["sub"] == access["uid"]
    (userinfo,) = (each for each in cassette.exchanges if each.step == "userinfo")
    assert userinfo.response.body["name"] == "Test User"
    assert userinfo.response.body["address"]["street_address"] == "scrubbed"
    assert userinfo.response.body["updated_at"] == "${past}"


def test_what_an_own_org_says_of_its_users_is_kept(order: SignInOrder) -> None:
    cassette = record_sign_in(replace(order, user_data="kept")).cassette()
    access = cassette.tokens["access_token"].payload
    assert (access["sub"], access["level"], access["fired"]) == (LOGIN, 4711, False)
    assert access["department"] == PERSONAL["department"]
    assert access["iat"] == "${now}"
    assert access["exp"] == "${now+3600}"


def test_what_a_refusal_says_has_no_password_in_it(order: SignInOrder) -> None:
    with pytest.raises(SignInFailedError) as refused:
        record_sign_in(replace(order, password="a-wrong-Password-1"))
    assert str(refused.value) == "authn: 401: E0000004: Authentication failed"
    assert PASSWORD not in repr(order)
    assert SECRET not in repr(order)


def recording_of(body: dict[str, Any], **changes: Any) -> Recording:
    """A recording of one answer, with a token that repeats what is in it."""
    claims = {"iat": int(datetime.now(UTC).timestamp()), "sub": "someone@example.com"}
    exchange = RawExchange(
        step="authn",
        method="POST",
        url="https://org.example/api/v1/authn",
        headers={"content-type": "application/json"},
        body=json.dumps({"password": "a-Password-1"}),
        status=200,
        answer_headers=[("content-type", "application/json")],
        answer=json.dumps(body),
    )
    making = Making(
        org="given",
        way="http",
        user_data="scrubbed",
        authorization_server="default",
        client_id="c",
        login="someone@example.com",
        scopes=(),
    )
    return Recording(
        making=making,
        org_url="https://org.example",
        exchanges=(exchange,),
        tokens={"access_token": jwt.encode(claims, "k" * 32)},
        jwks={},
        **changes,
    )


@pytest.mark.parametrize(
    "body",
    [
        {"errorSummary": "No: a-Password-1 is wrong for someone@example.com"},
        {"_links": {"next": {"href": "https://org.example/u/a-Password-1/someone@example.com"}}},
        {"someone@example.com": {"a-Password-1": True}},
        {"stateToken": "00-a-state-token", "href": "https://org.example/?t=00-a-state-token"},
        {"status": ["00uabcdefghijklmnopq", "https://intranet.example/x?y"]},
    ],
)
def test_a_secret_is_found_wherever_it_is_repeated(body: dict[str, Any]) -> None:
    text = recording_of(body).cassette().text()
    for secret in ("a-Password-1", "someone@", "00-a-state", "00uabcdefg", "intranet"):
        assert secret not in text


def test_a_page_is_not_kept_for_it_may_hold_anything() -> None:
    recording = recording_of({})
    (exchange,) = recording.exchanges
    page = replace(
        exchange,
        answer="<script>var x = 'aSecret\\x2Dof\\x2Dthe\\x2Dpage'</script>",
        answer_headers=[("content-type", "text/html; charset=utf-8"), ("x-internal", "aSecret")],
    )
    cassette = replace(recording, exchanges=(page,)).cassette()
    assert cassette.exchanges[0].response.body == "text/html"
    assert "aSecret" not in cassette.text()


def test_a_file_with_a_secret_in_it_is_never_written() -> None:
    known = KnownValues()
    known.secret("password", "odd pass&word")
    known.make_sure("nothing")
    for written_so in ("x odd pass&word x", "odd%20pass%26word", "odd+pass%26word"):
        with pytest.raises(SecretLeftError, match="password"):
            known.make_sure(written_so)


def test_a_secret_that_is_a_plain_word_changes_no_other_words() -> None:
    known = KnownValues()
    known.secret("password", "password")
    assert known.text("password") == "${password}"
    assert known.text("the password grant") == "the password grant"

"""What the log advises for a refused request is what the seed takes, and it helps."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mock_okta import Config
from mock_okta.model.seed import parse_seed
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SECRET, USER_ID, Answer, Visitor

CODE, IMPLICIT, JOB = "authorization_code", "implicit", "client_credentials"
ELSEWHERE = "https://elsewhere.example.test"
CLIENTS: Mapping[str, Mapping[str, Any]] = {
    "spa": {"type": "spa", "grant_types": [CODE], "login_redirect_uris": [CALLBACK]},
    "web": {
        "type": "web",
        "client_secret": SECRET,
        "grant_types": [CODE],
        "login_redirect_uris": [CALLBACK],
    },
    "public": {
        "type": "web",
        "token_endpoint_auth_method": "none",
        "grant_types": [CODE],
        "login_redirect_uris": [CALLBACK],
    },
    "service": {"type": "service", "client_secret": SECRET},
}
NO_PKCE = {"code_challenge": None, "code_challenge_method": None}


def client_document(kind: str, **settings: Any) -> dict[str, Any]:
    return {"clients": [{"name": kind, "client_id": f"0oa{kind}", **CLIENTS[kind], **settings}]}


def server_document(*scopes: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    return {"authorization_servers": [{"id": "default", "scopes": list(scopes), **settings}]}


NOTES = server_document({"name": "notes"})


@pytest.fixture
def config() -> Config:
    clients = [client_document(name)["clients"][0] for name in CLIENTS]
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID}
    servers = [{"id": "default"}]
    document = {"users": [user], "clients": clients, "authorization_servers": servers}
    return Config(seed=parse_seed(document))


@dataclass(frozen=True)
class Case:
    """A request that is refused, what the log says of it, and what is done about it.

    `given`: is seeded first. `seed`: is seeded then; `send`: what the request has instead; `at`:
    which server it goes to instead.
    """

    client: str
    request: Mapping[str, str | None]
    said: str
    given: Mapping[str, Any] = field(default_factory=dict)
    server: str = "default"
    seed: Mapping[str, Any] = field(default_factory=dict)
    send: Mapping[str, str | None] = field(default_factory=dict)
    at: str | None = None

    def asked(self, *, helped: bool) -> tuple[dict[str, str | None], str]:
        """The request before it is helped, or after; and the server that it goes to."""
        request = {"client_id": f"0oa{self.client}", **self.request}
        if not helped:
            return request, self.server
        return request | dict(self.send), self.at or self.server


AUTHORIZE = (
    Case("spa", {"client_id": None}, "'client_id' is sent: send one", send={"client_id": "0oaspa"}),
    Case(
        "new",
        {},
        "no client '0oanew': add it to the seed's clients",
        seed=client_document("spa", client_id="0oanew", name="new"),
    ),
    Case(
        "spa",
        {"redirect_uri": None},
        "no 'redirect_uri' is sent: send one",
        send={"redirect_uri": CALLBACK},
    ),
    Case(
        "spa",
        {"redirect_uri": f"{ELSEWHERE}/a"},
        "is not in login_redirect_uris of client 0oaspa: add it",
        seed=client_document("spa", login_redirect_uris=[f"{ELSEWHERE}/a"]),
    ),
    Case(
        "spa",
        {"redirect_uri": "/relative"},
        "expected an absolute URI without a fragment",
        send={"redirect_uri": CALLBACK},
    ),
    Case(
        "spa",
        {"redirect_uri": "https://*.example.test/a"},
        "send the address itself, without '*'",
        given=client_document(
            "spa",
            login_redirect_uris=["https://*.example.test/a"],
            wildcard_redirect="SUBDOMAIN",
        ),
        send={"redirect_uri": "https://one.example.test/a"},
    ),
    Case("service", {}, "use one of type spa, web or native", send={"client_id": "0oaspa"}),
    Case(
        "spa",
        {"response_type": "token"},
        "add it to its grant_types",
        seed=client_document("spa", grant_types=[CODE, IMPLICIT]),
    ),
    Case(
        "web",
        NO_PKCE,
        "has pkce_required: send a code_challenge, or set it to false",
        given=client_document("web", pkce_required=True),
        seed=client_document("web", pkce_required=False),
    ),
    Case(
        "spa",
        {"scope": "openid notes"},
        "no scope 'notes' at server 'default': add it to the server's scopes in the seed",
        seed=NOTES,
    ),
    Case(
        "spa",
        {"scope": "openid groups"},
        "no scope 'groups' at server 'default': add it to the server's scopes in the seed",
        seed=server_document({"name": "groups"}),
    ),
    Case(
        "spa",
        {"scope": None},
        "send one, or give a scope of the server 'default: true'",
        seed=server_document({"name": "notes", "default": True}),
    ),
    Case(
        "spa", {"scope": None}, "'scope' is sent: send one", server="org", send={"scope": "openid"}
    ),
    Case(
        "spa",
        {"scope": "openid notes"},
        "cannot have the scope 'notes': ask a custom one, such as 'default', and add it",
        server="org",
        seed=NOTES,
        at="default",
    ),
    Case(
        "spa",
        {"scope": "openid okta.users.read"},
        "add okta.users.read to the okta_scopes of client 0oaspa in the seed",
        server="org",
        seed=client_document("spa", okta_scopes=["okta.users.read"]),
    ),
    Case(
        "spa",
        {"scope": "openid okta.users.read"},
        "only the org authorization server has 'okta.users.read': use that server, and add it "
        "to the okta_scopes",
        seed=client_document("spa", okta_scopes=["okta.users.read"]),
        at="org",
    ),
    Case(
        "spa",
        {"idp": "0oaidp", "prompt": "login"},
        "no identity provider '0oaidp': see identity_providers in the seed",
        seed={"identity_providers": [{"name": "Other", "id": "0oaidp", "users": []}]},
    ),
    Case(
        "spa",
        {},
        "no authorization server 'new': add it to the seed",
        server="new",
        seed={"authorization_servers": [{"id": "new"}]},
    ),
    Case("spa", {}, "'a+b': an authorization server's 'id' may", server="a+b", at="default"),
    Case(
        "spa",
        {},
        "see assigned_users and assigned_groups in the seed",
        given={
            "users": [{"login": "other@example.com", "password": PASSWORD}],
            **client_document("spa", assigned_users=["other@example.com"]),
        },
        seed=client_document("spa", assigned_users=[LOGIN]),
    ),
    Case(
        "spa",
        {},
        "see policies in the seed",
        given=server_document(policies=[]),
        seed=server_document(policies=[{"rules": [{}]}]),
    ),
    Case(
        "spa",
        {"response_type": "token"},
        "use the response type 'code', or remove dpop_bound_access_tokens in the seed",
        given=client_document("spa", grant_types=[CODE, IMPLICIT], dpop_bound_access_tokens=True),
        send={"response_type": "code"},
    ),
)
BY_PASSWORD = {
    "grant_type": "password",
    "username": LOGIN,
    "password": PASSWORD,
    "scope": "openid",
}
AS_SERVICE = {"grant_type": JOB, "scope": "notes", "client_secret": SECRET}
TOKEN = (
    Case(
        "new",
        AS_SERVICE,
        "no client '0oanew': add it to the seed's clients",
        given=NOTES,
        seed=client_document("service", client_id="0oanew", name="new"),
    ),
    Case(
        "service",
        AS_SERVICE | {"client_secret": None},
        "the client is confidential: send its secret",
        given=NOTES,
        send={"client_secret": SECRET},
    ),
    Case(
        "service",
        AS_SERVICE | {"client_secret": "wrong"},
        "is wrong: send the one in the seed",
        given=NOTES,
        send={"client_secret": SECRET},
    ),
    Case(
        "spa",
        AS_SERVICE | {"client_secret": None},
        "use one of type web or service",
        given=NOTES,
        send={"client_id": "0oaservice", "client_secret": SECRET},
    ),
    Case(
        "web",
        AS_SERVICE,
        f"add '{JOB}' to the grant_types of client 0oaweb",
        given=NOTES,
        seed=client_document("web", grant_types=[CODE, JOB]),
    ),
    Case(
        "public",
        AS_SERVICE | {"client_secret": None},
        "let it authenticate with token_endpoint_auth_method 'client_secret_basic'",
        given=NOTES,
        seed=client_document(
            "public",
            grant_types=[JOB],
            token_endpoint_auth_method="client_secret_basic",
            client_secret=SECRET,
        ),
        send={"client_secret": SECRET},
    ),
    Case(
        "spa",
        BY_PASSWORD,
        "use one of type web, native or service",
        seed=client_document("web", grant_types=["password"]),
        send={"client_id": "0oaweb", "client_secret": SECRET},
    ),
    Case(
        "service",
        {
            "grant_type": "password",
            "username": LOGIN,
            "password": PASSWORD,
            "client_secret": SECRET,
        },
        "no 'scope' is sent: send one, or give a scope",
        given=client_document("service", grant_types=["password"]),
        send={"scope": "openid"},
    ),
    Case(
        "spa",
        BY_PASSWORD | {"client_secret": SECRET},
        "the client is public: send no secret, or make it 'web' and give it one",
        seed=client_document("spa", type="web", client_secret=SECRET, grant_types=["password"]),
    ),
    Case(
        "service",
        AS_SERVICE | {"scope": "notes openid"},
        "this grant only gives custom scopes: leave out openid",
        given=NOTES,
        send={"scope": "notes"},
    ),
    Case(
        "service",
        AS_SERVICE,
        "nobody consents to notes here: give it the consent 'FLEXIBLE' or 'IMPLICIT'",
        given=server_document({"name": "notes", "consent": "REQUIRED"}),
        seed=server_document({"name": "notes", "consent": "FLEXIBLE"}),
    ),
    Case(
        "service",
        AS_SERVICE,
        "and give it jwks, or use a custom authorization server",
        given=NOTES,
        server="org",
        at="default",
    ),
    Case(
        "service",
        AS_SERVICE,
        "see policies in the seed",
        given=server_document({"name": "notes"}, policies=[{"clients": ["0oaspa"]}]),
        seed=server_document({"name": "notes"}, policies=[{"clients": ["0oaservice"]}]),
    ),
)


async def _seed(visitor: Visitor, document: Mapping[str, Any]) -> None:
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


def _line(caplog: pytest.LogCaptureFixture, path: str) -> str:
    lines = [r.getMessage() for r in caplog.records if r.name == "mock_okta.requests"]
    (line,) = (line for line in lines if path in line)
    return line


async def _authorized(visitor: Visitor, case: Case, *, helped: bool) -> bool:
    request, server = case.asked(helped=helped)
    answer = await visitor.authorize({"scope": "openid", **request}, server=server)
    return answer.status == 302 and "error=" not in answer.location


@pytest.mark.parametrize("case", AUTHORIZE, ids=lambda case: case.said[:50])
async def test_what_is_advised_lets_an_authorization_request_pass(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    await visitor.sign_in()
    await _seed(visitor, case.given)
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert not await _authorized(visitor, case, helped=False)
    assert case.said in _line(caplog, "/v1/authorize")
    await _seed(visitor, case.seed)
    assert await _authorized(visitor, case, helped=True)


async def _token(visitor: Visitor, case: Case, *, helped: bool) -> Answer:
    form, server = case.asked(helped=helped)
    return await visitor.post("token", form, server=server)


@pytest.mark.parametrize("case", TOKEN, ids=lambda case: case.said[:50])
async def test_what_is_advised_lets_a_token_request_pass(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    await _seed(visitor, case.given)
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await _token(visitor, case, helped=False)).status in (400, 401)
    assert case.said in _line(caplog, "/v1/token")
    await _seed(visitor, case.seed)
    helped = await _token(visitor, case, helped=True)
    assert helped.status == 200, helped.text


async def test_what_is_advised_lets_a_sign_out_go_on(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = await visitor.tokens({"client_id": "0oaspa", "scope": "openid"})
    form = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": f"{ELSEWHERE}/bye"}
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.post("logout", form)).status == 400
    assert "logout_redirect_uris of client 0oaspa: add it" in _line(caplog, "/v1/logout")
    await _seed(visitor, client_document("spa", logout_redirect_uris=[f"{ELSEWHERE}/bye"]))
    assert (await visitor.post("logout", form)).location == f"{ELSEWHERE}/bye"


async def test_what_is_advised_lets_a_page_redeem_its_code(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    change = {"client_id": "0oaspa", "scope": "openid"}
    own = {"client_id": "0oaspa"}
    page = {"Origin": ELSEWHERE}
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        refused = await visitor.redeem(await visitor.code(change), own, headers=page)
    assert refused.status == 400
    assert "add a URI of it to its login_redirect_uris" in _line(caplog, "/v1/token")
    await _seed(visitor, client_document("spa", login_redirect_uris=[CALLBACK, f"{ELSEWHERE}/"]))
    helped = await visitor.redeem(await visitor.code(change), own, headers=page)
    assert helped.status == 200
    assert helped.headers["Access-Control-Allow-Origin"] == ELSEWHERE


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (ELSEWHERE, f"add {ELSEWHERE} to a client's base_uris or to trusted_origins in the seed"),
        ("null", "open the page with http or https"),
    ],
)
async def test_what_is_advised_lets_a_page_read_the_session(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, origin: str, said: str
) -> None:
    path = "/api/v1/sessions/me"
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        refused = await visitor.ask("GET", path, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert said in _line(caplog, path)
    await _seed(visitor, {"trusted_origins": [ELSEWHERE]})
    helped = await visitor.ask("GET", path, headers={"Origin": ELSEWHERE})
    assert helped.headers["Access-Control-Allow-Origin"] == ELSEWHERE


async def test_what_is_advised_lets_more_requests_through(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/.well-known/okta-organization"
    await _seed(visitor, {"rate_limits": [{"path": path, "limit": 1}]})
    assert (await visitor.ask("GET", path)).status == 200
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.ask("GET", path)).status == 429
    assert "see rate_limits in the seed" in _line(caplog, path)
    await _seed(visitor, {"rate_limits": [{"path": path, "limit": 5}]})
    assert (await visitor.ask("GET", path)).status == 200


BY_API_TOKEN = {
    "headers": {"Authorization": "SSWS 00token"},
    "json": {"sub_id": {"format": "opaque", "id": USER_ID}},
}


@pytest.mark.parametrize(
    ("method", "path", "said", "seed", "statuses", "options"),
    [
        (
            "POST",
            "/oauth2/v1/global-token-revocation",
            "no such API token: add it to api_tokens in the seed",
            {"api_tokens": [{"token": "00token"}]},
            (401, 204),
            BY_API_TOKEN,
        ),
        (
            "GET",
            "/api/v1/registration/form",
            "see 'registration' in the seed",
            {"registration": {}},
            (404, 200),
            {},
        ),
        (
            "GET",
            f"/login/sessionCookieRedirect?token=t&redirectUrl={ELSEWHERE}",
            f"add the origin of '{ELSEWHERE}' to trusted_origins or base_uris",
            {"trusted_origins": [ELSEWHERE]},
            (403, 302),
            {},
        ),
        (
            "GET",
            "/sso/idps/0oaidp",
            "no identity provider '0oaidp': see identity_providers in the seed",
            {"identity_providers": [{"name": "Other", "id": "0oaidp", "users": []}]},
            (404, 302),
            {},
        ),
    ],
)
async def test_what_is_advised_elsewhere_helps_too(
    visitor: Visitor,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    said: str,
    seed: Mapping[str, Any],
    statuses: tuple[int, int],
    options: Mapping[str, Any],
) -> None:
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.ask(method, path, **options)).status == statuses[0]
    assert said in _line(caplog, path.partition("?")[0])
    await _seed(visitor, seed)
    assert (await visitor.ask(method, path, **options)).status == statuses[1]

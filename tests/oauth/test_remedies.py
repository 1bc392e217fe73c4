"""What the log advises for a refused request is what the seed takes, and it helps."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mock_okta import Config
from tests.oauth.advising import (
    CODE,
    ELSEWHERE,
    IMPLICIT,
    JOB,
    client_document,
    config_of_clients,
    logged,
    put_seed,
    server_document,
)
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SECRET, Answer, Visitor

NO_PKCE = {"code_challenge": None, "code_challenge_method": None}
NOTES = server_document({"name": "notes"})


@pytest.fixture
def config() -> Config:
    return config_of_clients()


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


async def _authorized(visitor: Visitor, case: Case, *, helped: bool) -> bool:
    request, server = case.asked(helped=helped)
    answer = await visitor.authorize({"scope": "openid", **request}, server=server)
    return answer.status == 302 and "error=" not in answer.location


@pytest.mark.parametrize("case", AUTHORIZE, ids=lambda case: case.said[:50])
async def test_what_is_advised_lets_an_authorization_request_pass(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    await visitor.sign_in()
    await put_seed(visitor, case.given)
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert not await _authorized(visitor, case, helped=False)
    assert case.said in logged(caplog, "/v1/authorize")
    await put_seed(visitor, case.seed)
    assert await _authorized(visitor, case, helped=True)


async def _token(visitor: Visitor, case: Case, *, helped: bool) -> Answer:
    form, server = case.asked(helped=helped)
    return await visitor.post("token", form, server=server)


@pytest.mark.parametrize("case", TOKEN, ids=lambda case: case.said[:50])
async def test_what_is_advised_lets_a_token_request_pass(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    await put_seed(visitor, case.given)
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await _token(visitor, case, helped=False)).status in (400, 401)
    assert case.said in logged(caplog, "/v1/token")
    await put_seed(visitor, case.seed)
    helped = await _token(visitor, case, helped=True)
    assert helped.status == 200, helped.text

"""Whatever is sent to the Identity Engine: documents that keep the rules, and no way in."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_okta import Config, KeyPool, MockOkta
from tests.fuzz.inputs import FUZZED, headers, json_values, pairs, values
from tests.fuzz.model import may_be_redirected_to
from tests.fuzz.registered import OPEN
from tests.fuzz.wire import Client, Reply, holds_markup
from tests.idx.shapes import broken_rules
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, PASSWORD, SPA

FORM = ("Content-Type", "application/x-www-form-urlencoded")
INTERACT = "/oauth2/default/v1/interact"
PATHS = (
    "introspect", "identify", "identify/select", "challenge", "challenge/answer", "challenge/poll",
    "challenge/resend", "challenge/send", "authenticators/poll", "credential/enroll", "enroll",
    "enroll/new", "recover", "unlock-account", "skip", "cancel", "consent", "redirect-idp",
)  # fmt: skip
GOOD: dict[str, Any] = {
    "identifier": LOGIN,
    "credentials": {"passcode": "Not-The-Pass-1"},
    "authenticator": {"id": "autNoSuchThing000000", "methodType": "email"},
    "userProfile": {"email": "new@example.com", "firstName": "New", "lastName": "User"},
    "rememberMe": True,
    "consent": True,
    "email": LOGIN,
    "phoneNumber": "+14155556688",
}
"""What is posted in the right shape, though it proves nothing."""
good_bodies = st.sets(st.sampled_from(sorted(GOOD))).map(
    lambda names: {name: GOOD[name] for name in names}
)
odd_bodies = st.dictionaries(
    st.sampled_from((*GOOD, "optedScopes", "userCode", "keepMeSignedIn")), json_values, max_size=4
)
kinds = st.sampled_from(
    ("application/json", "application/ion+json; okta-version=1.0.0", "text/plain", "a b")
)


@pytest.fixture(scope="module")
def org(shared_pool: KeyPool) -> Iterator[MockOkta]:
    clients = [
        msgspec.structs.replace(each, grant_types=(*each.allowed_grant_types, "interaction_code"))
        if each.client_id == SPA
        else each
        for each in OPEN.clients
    ]
    seed = msgspec.structs.replace(OPEN, clients=tuple(clients))
    with MockOkta(Config(seed=seed, engine="identity"), key_pool=shared_pool) as org:
        yield org


@pytest.fixture(scope="module")
def asker(org: MockOkta) -> Iterator[Client]:
    client = Client(org.url)
    yield client
    client.close()


def begun(client: Client) -> str:
    """Begin a sign-in, and return its state handle."""
    form = {
        "client_id": SPA,
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "state-1",
    }
    reply = client.send("POST", INTERACT, [FORM], urlencode(form).encode())
    handle = {"interactionHandle": reply.json()["interaction_handle"]}
    reply = client.send("POST", "/idp/idx/introspect", [], json.dumps(handle).encode())
    assert reply.status == 200, reply.body
    return str(json.loads(reply.body)["stateHandle"])


def judge(reply: Reply, org: MockOkta) -> None:
    """Nothing fails, nothing is given, and documents keep the rules of all documents."""
    assert reply.status < 500, reply.body
    assert reply.headers["fuzz"] is None, "a header was smuggled in"
    if reply.location is not None:
        assert may_be_redirected_to(reply.location, org.url), reply.location
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body
    assert not reply.gives_tokens, (reply.location, reply.body)
    if str(reply.headers["Content-Type"]).startswith("application/ion+json"):
        body = json.loads(reply.body)
        assert list(broken_rules(body)) == []
        assert "successWithInteractionCode" not in body
        assert "success" not in body


@FUZZED
@given(
    ways=st.lists(
        st.tuples(
            st.sampled_from(PATHS) | values.map(lambda text: quote(text, "")),
            st.one_of(good_bodies, odd_bodies, json_values),
        ),
        min_size=1,
        max_size=4,
    ),
    handle=st.just("of it") | st.just("of it") | json_values,
    headers=headers,
    kind=kinds,
)
def test_no_post_fails_or_signs_anybody_in(
    org: MockOkta,
    asker: Client,
    ways: list[tuple[str, Any]],
    handle: Any,
    headers: dict[str, str],
    kind: str,
) -> None:
    own = begun(asker)
    sent = [*headers.items(), ("Content-Type", kind)]
    for path, body in ways:
        named = {"stateHandle": own if handle == "of it" else handle}
        content = json.dumps(body | named if isinstance(body, dict) else body).encode()
        judge(asker.send("POST", f"/idp/idx/{path}", sent, content), org)


@FUZZED
@given(
    form=pairs,
    headers=headers,
    target=st.sampled_from(
        ("/login/token/redirect", "/email/verify/x", "/idp/idx/introspect", INTERACT)
    ),
    handle=st.just("of it") | values,
)
def test_no_link_and_no_form_fails_or_signs_anybody_in(
    org: MockOkta,
    asker: Client,
    form: list[tuple[str, str]],
    headers: dict[str, str],
    target: str,
    handle: str,
) -> None:
    token = begun(asker) if handle == "of it" else handle
    query = urlencode([*form, ("stateToken", token)])
    judge(asker.send("GET", f"{target}?{query}", headers.items()), org)
    judge(asker.send("POST", target, [*headers.items(), FORM], query.encode()), org)


def test_what_is_posted_rightly_signs_in(asker: Client) -> None:
    """So that the requests above get where something might be given."""
    body = {
        "stateHandle": begun(asker),
        "identifier": LOGIN,
        "credentials": {"passcode": PASSWORD},
    }
    reply = asker.send("POST", "/idp/idx/identify", [], json.dumps(body).encode())
    assert "successWithInteractionCode" in json.loads(reply.body)

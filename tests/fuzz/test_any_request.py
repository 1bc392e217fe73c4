"""Whatever is sent to whatever endpoint, by somebody who proves nothing."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import given
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.inputs import (
    FUZZED,
    garbage,
    headers,
    json_values,
    markup,
    pairs,
    queries,
    values,
)
from tests.fuzz.model import may_be_redirected_to
from tests.fuzz.wire import Client, holds_markup
from tests.visiting import CALLBACK, SPA

METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH")
SERVERS = ("", "/default", "/rich", "/unknown")
OAUTH = (
    "authorize", "token", "introspect", "revoke", "userinfo", "logout", "keys", "par",
    "device/authorize", "authorize/redirect", "authorize/consent", "global-token-revocation",
    "interact",
)  # fmt: skip
OTHERS = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/oauth2/default/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/oauth2/default",
    "/.well-known/okta-organization",
    "/.well-known/webfinger",
    "/activate",
    "/activate/confirm",
    "/api/v1/authn",
    "/api/v1/sessions",
    "/api/v1/sessions/me",
    "/api/v1/sessions/me/lifecycle/refresh",
    "/api/v1/users/me",
    "/api/v1/users/me/appLinks",
    "/login/sessionCookieRedirect",
    "/login/signout",
    "/login/login.htm",
    "/signin",
    "/enduser/callback",
    "/app/UserHome",
    "/",
    "/_mock/org",
    "/_mock/seed",
    "/_mock/clock",
    "/_mock/clock/advance",
    "/_mock/keys/rotate",
    "/_mock/outbox",
    "/_mock/sessions",
    "/_mock/snapshots/one",
    "/_mock/snapshots/one/restore",
    "/_mock/users/tester@example.com",
    "/_mock/trusted_origins/x",
)
paths = st.one_of(
    st.builds("/oauth2{}/v1/{}".format, st.sampled_from(SERVERS), st.sampled_from(OAUTH)),
    st.sampled_from(OTHERS),
    st.builds(
        "/oauth2/{}/v1/{}".format,
        values.map(lambda text: quote(text, "")),
        st.sampled_from(OAUTH),
    ),
    st.builds("/okta-signin-widget/{0}/{0}".format, values.map(quote)),
    values.map(lambda text: "/" + quote(text)),
)
bodies = st.one_of(
    queries.map(lambda text: ("application/x-www-form-urlencoded", text.encode())),
    json_values.map(lambda value: ("application/json", json.dumps(value).encode())),
    st.dictionaries(st.sampled_from(("username", "password", "sessionToken")), json_values).map(
        lambda value: ("application/json", json.dumps(value).encode())
    ),
    st.tuples(st.sampled_from(("application/json", "text/plain", "")), st.binary(max_size=60)),
    garbage.map(lambda text: ("application/x-www-form-urlencoded", text.encode())),
)


@FUZZED
@given(
    method=st.sampled_from(METHODS), path=paths, query=queries, headers=headers, body=bodies,
)  # fmt: skip
def test_no_500_no_redirect_to_strangers_no_markup_and_no_tokens(
    client: Client,
    fuzzed: MockOkta,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: tuple[str, bytes],
) -> None:
    kind, content = body
    sent = [*headers.items(), *([("Content-Type", kind)] if kind else [])]
    has_body = method in ("POST", "PUT", "PATCH")

    reply = client.send(
        method, f"{path}?{query}", sent if has_body else headers.items(), content * has_body
    )

    assert reply.status < 500, reply.body
    assert reply.headers["fuzz"] is None, "a header was smuggled in"
    if reply.location is not None:
        assert may_be_redirected_to(reply.location, fuzzed.url), reply.location
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body
    assert not reply.gives_tokens, (reply.location, reply.body)


@FUZZED
@given(form=pairs, headers=headers, endpoint=st.sampled_from(OAUTH))
def test_forms_of_known_words_are_answered_and_give_nothing(
    client: Client,
    fuzzed: MockOkta,
    form: list[tuple[str, str]],
    headers: dict[str, Any],
    endpoint: str,
) -> None:
    target, content = f"/oauth2/default/v1/{endpoint}", urlencode(form).encode()
    kind = ("Content-Type", "application/x-www-form-urlencoded")

    reply = client.send("POST", target, [*headers.items(), kind], content)

    assert reply.status < 500, reply.body
    if reply.location is not None:
        assert may_be_redirected_to(reply.location, fuzzed.url), reply.location
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body
    assert not reply.gives_tokens, (reply.location, reply.body)


PAGES = (
    "/oauth2/default/v1/authorize",
    "/oauth2/v1/authorize/redirect",
    "/oauth2/default/v1/logout",
    "/login/login.htm",
    "/login/sessionCookieRedirect",
    "/login/signout",
    "/signin",
    "/activate",
    "/activate/confirm",
    "/enduser/callback",
    "/",
)
KNOWN_CLIENT = {"client_id": SPA, "redirect_uri": CALLBACK, "response_type": "code"}
SHOWN = ("state", "scope", "fromURI", "login_hint", "okta_key", "user_code", "nonce", "iss")
marked = st.builds(
    "{}{}{}".format, st.text("ab '\"<>/", max_size=4), markup, st.text("ab", max_size=2)
)


@FUZZED
@given(
    path=st.sampled_from(PAGES),
    mode=st.sampled_from(("form_post", "okta_post_message", "query", "fragment")),
    shown=st.dictionaries(st.sampled_from(SHOWN), marked, min_size=1, max_size=4),
    at_home=st.booleans(),
)
def test_pages_show_what_came_in_as_text(
    client: Client,
    fuzzed: MockOkta,
    path: str,
    mode: str,
    shown: dict[str, str],
    at_home: bool,  # noqa: FBT001 -- an example's own
) -> None:
    query = KNOWN_CLIENT | {"response_mode": mode} | shown
    if at_home and "fromURI" in shown:  # one that belongs to the org is shown further
        query["fromURI"] = f"{fuzzed.url}/{shown['fromURI']}"

    reply = client.send("GET", f"{path}?{urlencode(query)}")

    assert reply.status < 500, reply.body
    assert reply.headers["fuzz"] is None, "a header was smuggled in"
    if reply.location is not None:
        assert may_be_redirected_to(reply.location, fuzzed.url), reply.location
    assert not (reply.is_page and holds_markup(reply.body.decode())), reply.body

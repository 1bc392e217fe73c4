"""What is sent: known words where they belong and where they do not, and whatever there is."""

import os
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.fuzz.model import BASIC
from tests.fuzz.registered import ACCESS_TOKEN, CLIENTS, EXCHANGE
from tests.visiting import APP, CALLBACK, CHALLENGE, LOGIN, ODD_CALLBACK, VERIFIER

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "400"))
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,  # the machine's other work is not what is tested
    print_blob=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # the guard of the event loop may go on
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

MARKUP = (
    "<fuzz>",
    "\"><fuzz onfuzz='1'>",
    "' onfuzz='1",
    "</script><fuzz>",
    "';fuzz();'",
    "\\';fuzz();//",
    "javascript:fuzz()",
    "\r\nfuzz: 1",
)
PLACES = ("http://evil.example/", "//evil.example", f"{APP}@evil.example", f"{CALLBACK}/../x")
NAMES = (
    "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "scope",
    "state", "nonce", "prompt", "max_age", "login_hint", "acr_values", "sessionToken",
    "code_challenge", "code_challenge_method", "request", "request_uri", "grant_type", "code",
    "code_verifier", "refresh_token", "username", "password", "device_code", "user_code",
    "subject_token", "subject_token_type", "requested_token_type", "audience", "assertion",
    "client_assertion", "client_assertion_type", "token", "token_type_hint", "id_token_hint",
    "post_logout_redirect_uri", "okta_key", "decision", "fromURI", "redirectUrl", "token",
    "stateToken", "resource", "rel", "iss", "target_link_uri",
)  # fmt: skip
WORDS = (
    *CLIENTS, CALLBACK, ODD_CALLBACK, APP, *PLACES, *MARKUP, LOGIN, VERIFIER, CHALLENGE, "S256",
    "code", "token", "id_token", "code id_token token", "none", "query", "fragment", "form_post",
    "okta_post_message", "openid", "openid profile offline_access", "messages.read", "login",
    "consent", "0", "-1", "99999999999999999999", "state-1", "authorization_code",
    "refresh_token", "client_credentials", "password", EXCHANGE, ACCESS_TOKEN, "api://default",
    "urn:ietf:params:oauth:grant-type:device_code", "urn:okta:x", "e30.e30.e30",
    "urn:ietf:params:oauth:grant-type:jwt-bearer", "eyJhbGciOiJub25lIn0.e30.", "allow", "/",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "okta:acct:tester@example.com",
)  # fmt: skip
WRONG_BASIC = tuple(sorted(header for header, (_, secret) in BASIC.items() if secret == "wrong"))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
markup = st.sampled_from(MARKUP)
values = st.one_of(st.sampled_from(WORDS), markup, texts)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=10)
garbage = st.text("abz019%&=+;#?[]{}<>'\"\\/:@.~-_", max_size=60)
queries = st.one_of(pairs.map(urlencode), garbage.map(lambda text: quote(text, "%&=+;/?:@.~-_")))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(values, inner, max_size=3),
    max_leaves=8,
)
header_texts = st.one_of(
    st.sampled_from(tuple(word for word in WORDS if "\r" not in word)),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_characters="\x7f")),
)
tokens = header_texts.map(lambda text: f"Bearer {text}")
headers = st.fixed_dictionaries(
    {},
    optional={
        "Authorization": st.one_of(tokens, st.sampled_from(WRONG_BASIC), header_texts),
        "Origin": st.one_of(st.sampled_from((APP, "http://evil.example", "null")), header_texts),
        "Cookie": header_texts.map(lambda text: f"idx={text}; DT={text}"),
        "Accept": header_texts,
        "DPoP": header_texts,
        "Referer": header_texts,
        "Access-Control-Request-Method": header_texts,
        "Access-Control-Request-Headers": header_texts,
        "X-Forwarded-Host": header_texts,
    },
)
Change = Mapping[str, str | list[str] | None]


def changes(names: tuple[str, ...], known: st.SearchStrategy[str]) -> st.SearchStrategy[Change]:
    """A few parameters, most of them of `names`, left out, given twice, or with another value."""
    one = st.one_of(known, known, values)
    changed = st.one_of(one, one, one, st.none(), st.lists(one, min_size=2, max_size=2))
    name = st.one_of(st.sampled_from(names), st.sampled_from(names), st.sampled_from(NAMES))
    return st.dictionaries(name, changed, max_size=3)


def pairs_of(parameters: Change) -> list[tuple[str, str]]:
    """The parameters as they are sent."""
    listed = [(n, v if isinstance(v, list) else [v]) for n, v in parameters.items()]
    return [(name, each) for name, values in listed for each in values if each is not None]

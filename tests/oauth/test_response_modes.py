"""How answers travel: every response type in every response mode, hostile values included."""

from itertools import product
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_okta.oauth.checks.authorization import RESPONSE_TYPES
from mock_okta.web.pages import js_string
from tests.visiting import (
    CALLBACK,
    ODD_CALLBACK,
    ODD_ORIGIN_CALLBACK,
    Answer,
    Visitor,
    claims_of,
    half_hash,
    js_value,
    message_in,
)

TYPES = [" ".join(parts) for parts in RESPONSE_TYPES]
MODES = [None, "query", "fragment", "form_post", "okta_post_message"]
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
ATTACK = "</script><script>alert('1')</script>"

FIELDS = {
    "code": ["code"],
    "token": ["access_token", "token_type", "expires_in", "scope"],
    "id_token": ["id_token"],
}


def expected_fields(response_type: str) -> list[str]:
    parts = response_type.split()
    return [
        *(name for part in ("code", "token", "id_token") if part in parts for name in FIELDS[part]),
        "state",
    ]


def where(answer: Answer) -> str:
    """The response mode that the answer is in."""
    if answer.status == 302:
        parts = urlsplit(answer.location)
        return "fragment" if parts.fragment else "query"
    return "okta_post_message" if message_in(answer.text) else "form_post"


@pytest.mark.parametrize(
    ("response_type", "mode"),
    [(t, m) for t, m in product(TYPES, MODES) if m != "query" or t == "code"],
)
async def test_every_response_type_works_in_every_mode_that_suits_it(
    visitor: Visitor, response_type: str, mode: str | None
) -> None:
    await visitor.sign_in()
    change = {"response_type": response_type, "response_mode": mode}
    answer = await visitor.authorize(change)
    default = "query" if response_type == "code" else "fragment"
    assert where(answer) == (mode or default)
    returned = answer.returned
    assert list(returned) == expected_fields(response_type)
    assert returned["state"] == "state-1"
    if "access_token" in returned:
        assert returned["token_type"] == "Bearer"
        assert returned["expires_in"] == "3600"
        assert returned["scope"] == "openid profile email offline_access"
    if "code" in returned:
        assert (await visitor.redeem(returned["code"])).status == 200


@pytest.mark.parametrize("response_type", TYPES)
async def test_hashes_bind_the_id_token_to_what_came_with_it(
    visitor: Visitor, response_type: str
) -> None:
    await visitor.sign_in()
    returned = (await visitor.authorize({"response_type": response_type})).returned
    if "id_token" not in returned:
        assert "id_token" not in response_type.split()
        return
    claims = claims_of(returned["id_token"])
    access_token, code = returned.get("access_token"), returned.get("code")
    assert claims.get("at_hash") == (access_token and half_hash(access_token))
    assert claims.get("c_hash") == (code and half_hash(code))
    assert claims["nonce"] == "nonce-1"


async def test_parts_of_a_response_type_may_come_in_any_order(visitor: Visitor) -> None:
    await visitor.sign_in()
    change = {"response_type": "token id_token code"}
    returned = (await visitor.authorize(change)).returned
    assert list(returned) == expected_fields("code id_token token")


async def test_query_is_added_to_a_redirect_uri_that_has_one(visitor: Visitor) -> None:
    await visitor.sign_in()
    location = (await visitor.authorize({"redirect_uri": ODD_CALLBACK})).location
    assert location.startswith(ODD_CALLBACK + "&code=")
    tail = location.removeprefix(ODD_CALLBACK + "&")
    assert [name for name, _ in parse_qsl(tail)] == ["code", "state"]


async def test_a_post_message_page_may_be_framed_and_addresses_one_origin(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"response_mode": "okta_post_message"})
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors" not in answer.headers.get("Content-Security-Policy", "")
    assert target_of(answer) == "http://localhost:3000"
    assert "window.opener || window.parent" in answer.text


async def test_a_form_posts_to_the_redirect_uri_by_itself(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"response_mode": "form_post"})
    assert (answer.form.action, answer.form.method) == (CALLBACK, "POST")
    assert "document.getElementById('appForm').submit()" in answer.text


@pytest.mark.parametrize("uri", [ODD_CALLBACK, ODD_ORIGIN_CALLBACK])
async def test_a_form_escapes_the_redirect_uri(visitor: Visitor, uri: str) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"response_mode": "form_post", "redirect_uri": uri})
    assert answer.form.action == uri
    assert "<script>alert" not in answer.text
    assert answer.text.count("<script>") == 1


async def test_a_message_page_escapes_the_origin_it_addresses(visitor: Visitor) -> None:
    await visitor.sign_in()
    change = {"response_mode": "okta_post_message", "redirect_uri": ODD_ORIGIN_CALLBACK}
    answer = await visitor.authorize(change)
    assert target_of(answer) == "app://it's\"<script>&"
    assert answer.text.count("<script>") == 1


@pytest.mark.parametrize("mode", ["form_post", "okta_post_message"])
async def test_a_page_escapes_what_an_error_repeats_of_the_request(
    visitor: Visitor, mode: str
) -> None:
    answer = await visitor.authorize({ATTACK: ["1", "2"], "response_mode": mode})
    assert ATTACK in answer.returned["error_description"]
    assert "alert('1')" not in answer.text
    assert answer.text.count("<script>") == 1


@pytest.mark.parametrize("mode", ["form_post", "okta_post_message"])
@pytest.mark.parametrize("state", [ATTACK, f"{ATTACK}\n"])
async def test_a_page_escapes_a_state_taken_or_refused(
    visitor: Visitor, mode: str, state: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"state": state, "response_mode": mode})
    assert answer.returned["state"] == state
    assert ("error" in answer.returned) is (state != ATTACK)
    assert answer.text.count("<script>") == 1


@pytest.mark.parametrize("mode", MODES[1:])
@pytest.mark.parametrize(
    "state",
    [
        PRINTABLE,
        "QexsfUW_rNJpExeT82gGWbk6wrjHK-hm3rKBJu6TLrg=",  # Spring Security
        "xJl6fSWXPEKjapYEFjRj5hNkGQuSRq3edsJRYh73bss:/page?a=b&c=d",  # oauth2-proxy
        '{"page": "/orders", "tab": 2}',
        "c29tZSBzdGF0ZQ/+xx==",
        "%2F%3D&amp;+",
        " ",
    ],
)
async def test_any_printable_state_comes_back_unchanged_with_a_code_or_an_error(
    visitor: Visitor, state: str, mode: str
) -> None:
    change = {"state": state, "response_mode": mode}
    refused = (await visitor.authorize(change | {"prompt": "none"})).returned
    assert (refused["state"], refused["error"]) == (state, "login_required")
    await visitor.sign_in()
    answer = await visitor.authorize(change)
    assert where(answer) == mode
    assert answer.returned["state"] == state
    assert "code" in answer.returned


async def test_an_error_page_escapes_what_it_repeats(visitor: Visitor) -> None:
    url = visitor.url("logout")
    query = "%3Cscript%3Ealert(1)%3C/script%3E=1&%3Cscript%3Ealert(1)%3C/script%3E=2"
    answer = await visitor.ask("GET", f"{url}?{query}")
    assert answer.status == 400
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("abc123", "abc123"),
        ("a-b.c", "a\\x2Db\\x2Ec"),
        ("</script>", "\\x3C\\x2Fscript\\x3E"),
        ("it's \"", "it\\x27s\\x20\\x22"),
        ("line\u2028end\n", "line\\u2028end\\x0A"),
        ("ü", "\\xFC"),
        ("€", "\\u20AC"),
        ("😀", "\\uD83D\\uDE00"),
    ],
)
def test_javascript_strings_are_escaped_as_okta_does(value: str, escaped: str) -> None:
    assert js_string(value) == escaped
    decoded = js_value(escaped).encode("utf-16", "surrogatepass").decode("utf-16")
    assert decoded == value


def target_of(answer: Answer) -> str:
    """The origin that the page's message is for."""
    _, _, rest = answer.text.partition("target.postMessage(data, '")
    escaped, _, _ = rest.partition("'")
    return js_value(escaped)

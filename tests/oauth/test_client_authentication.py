"""Who the client is, at /token, /introspect and /revoke alike (facts/oauth D.2, D.3)."""

import re
from urllib.parse import quote_plus

import pytest

from tests.visiting import OTHER_WEB, SECRET, SPA, WEB, Change, Visitor, basic

NONE = "No client credentials found."
WRONG = "The client secret supplied for a confidential client is invalid."
SEVERAL = (
    "Cannot supply multiple client credentials. Use one of the following: credentials in the "
    "Authorization header, credentials in the post body, or a client_assertion in the post body."
)
WEB_HEADER = basic(WEB, quote_plus(SECRET))

pytestmark = pytest.mark.parametrize("endpoint", ["token", "introspect", "revoke"])

FORMS: dict[str, Change] = {
    "token": {"grant_type": "refresh_token", "refresh_token": "made-up"},
    "introspect": {"token": "made-up"},
    "revoke": {"token": "made-up"},
}


def is_let_in(endpoint: str, status: int, body: bytes) -> bool:
    """Whether what was refused, if anything, is the made-up token rather than the client."""
    if endpoint == "token":
        return status == 400 and b'"invalid_grant"' in body
    return status == 200


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        (WEB_HEADER, {}),
        (basic(WEB, SECRET.replace("%", "%25").replace("+", "%2B")), {}),
        (WEB_HEADER, {"client_id": WEB}),
        ({}, {"client_id": WEB, "client_secret": SECRET}),
        ({}, {"client_id": SPA}),
        (basic(SPA, None), {}),
        (basic(SPA, ""), {}),
        (basic(WEB, ""), {"client_secret": SECRET}),
        (basic(SPA, None), {"client_id": SPA}),
        ({"Authorization": WEB_HEADER["Authorization"].replace("Basic", "basic")}, {}),
    ],
)
async def test_clients_are_known_by(
    visitor: Visitor, endpoint: str, headers: dict[str, str], form: Change
) -> None:
    answer = await visitor.post(endpoint, {**FORMS[endpoint], **form}, headers=headers)
    assert is_let_in(endpoint, answer.status, answer.body), answer.text


@pytest.mark.parametrize(
    ("headers", "form", "status", "error", "description"),
    [
        ({}, {}, 401, "invalid_client", NONE),
        ({"Authorization": "Bearer abc"}, {}, 401, "invalid_client", NONE),
        ({"Authorization": "Basic not base64!"}, {}, 401, "invalid_client", NONE),
        ({"Authorization": "Basic /w=="}, {}, 401, "invalid_client", NONE),
        ({}, {"client_secret": SECRET}, 401, "invalid_client", NONE),
        ({}, {"client_id": WEB}, 401, "invalid_client", WRONG),
        ({}, {"client_id": WEB, "client_secret": ""}, 401, "invalid_client", WRONG),
        ({}, {"client_id": WEB, "client_secret": SECRET + "x"}, 401, "invalid_client", WRONG),
        ({}, {"client_id": WEB, "client_secret": "ü"}, 401, "invalid_client", WRONG),
        (basic(WEB, None), {}, 401, "invalid_client", WRONG),
        (basic(WEB, "wrong"), {}, 401, "invalid_client", WRONG),
        ({}, {"client_id": SPA, "client_secret": "any"}, 401, "invalid_client", WRONG),
        (WEB_HEADER, {"client_secret": SECRET}, 400, "invalid_request", SEVERAL),
        (
            WEB_HEADER,
            {"client_id": WEB, "client_secret": SECRET},
            400,
            "invalid_request",
            SEVERAL,
        ),
        (WEB_HEADER, {"client_id": OTHER_WEB}, 400, "invalid_request", SEVERAL),
    ],
)
async def test_who_does_not_prove_to_be_a_client_is_refused(
    visitor: Visitor,
    *,
    endpoint: str,
    headers: dict[str, str],
    form: Change,
    status: int,
    error: str,
    description: str,
) -> None:
    answer = await visitor.post(endpoint, {**FORMS[endpoint], **form}, headers=headers)
    assert answer.status == status
    assert list(answer.json().items()) == [("error", error), ("error_description", description)]
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {"client_id": "0oa0nobody000000000h7"}),
        ({}, {"client_id": "0oa0nobody000000000h7", "client_secret": "any"}),
        (basic("0oa0nobody000000000h7", "any"), {}),
    ],
)
async def test_an_unknown_client_is_reported_in_okta_s_own_shape(
    visitor: Visitor, endpoint: str, headers: dict[str, str], form: Change
) -> None:
    answer = await visitor.post(endpoint, {**FORMS[endpoint], **form}, headers=headers)
    assert answer.status == 401
    body = answer.json()
    assert re.fullmatch(r"oae[\w-]{22}", body.pop("errorId"))
    assert body == {
        "errorCode": "invalid_client",
        "errorSummary": "Invalid value for 'client_id' parameter.",
        "errorLink": "invalid_client",
        "errorCauses": [],
    }


async def test_an_unknown_server_is_reported_before_an_unknown_client(
    visitor: Visitor, endpoint: str
) -> None:
    answer = await visitor.post(endpoint, {"client_id": "nobody"}, server="nowhere")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")
    assert (
        answer.json()["errorSummary"]
        == "Not found: Resource not found: nowhere (AuthorizationServer)"
    )


async def test_other_methods_are_refused(visitor: Visitor, endpoint: str) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = await visitor.ask(method, visitor.url(endpoint))
        assert answer.status == 405
        assert answer.json()["errorCode"] == "E0000022"
        assert (
            answer.json()["errorSummary"]
            == "The endpoint does not support the provided HTTP method"
        )


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
async def test_other_content_types_are_refused(
    visitor: Visitor, endpoint: str, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    url = visitor.url(endpoint)
    answer = await visitor.ask("POST", url, data=b'{"client_id": "x"}', headers=headers)
    assert answer.status == 400
    assert answer.json()["errorCode"] == "E0000021"
    assert answer.json()["errorSummary"] == (
        "Bad request.  Accept and/or Content-Type headers likely do not match supported values."
    )

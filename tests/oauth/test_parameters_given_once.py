"""No parameter comes twice, at any endpoint of an authorization server (RFC 6749 3.1 and 3.2)."""

import pytest

from tests.visiting import CALLBACK, SECRET, SPA, WEB, Change, Visitor

OF_WEB: Change = {"client_id": WEB, "client_secret": SECRET}


@pytest.mark.parametrize(
    ("endpoint", "form", "kind"),
    [
        ("token", {"client_id": SPA, "grant_type": "refresh_token"}, "token"),
        ("introspect", {**OF_WEB, "token": "x"}, "introspection"),
        ("revoke", {**OF_WEB, "token": "x"}, "revocation"),
        (
            "par",
            {**OF_WEB, "response_type": "code", "redirect_uri": CALLBACK, "state": "s"},
            "authentication",
        ),
        ("device/authorize", {"client_id": SPA, "scope": "openid"}, "device authorization"),
    ],
)
@pytest.mark.parametrize("name", ["scope", "client_id", "client_secret", "unheard_of"])
async def test_what_is_given_twice_is_refused_before_the_client_is_known(
    visitor: Visitor, endpoint: str, form: Change, kind: str, name: str
) -> None:
    refused = await visitor.post(endpoint, {**form, name: ["one", "other"]})
    assert (refused.status, refused.json()) == (
        400,
        {
            "error": "invalid_request",
            "error_description": f"The {kind} request has a repeated '{name}' parameter.",
        },
    )


async def test_at_authorize_it_is_returned_to_the_client(visitor: Visitor) -> None:
    refused = await visitor.authorize({"scope": ["openid", "profile"]})
    assert refused.returned["error"] == "invalid_request"
    assert "repeated 'scope'" in refused.returned["error_description"]


async def test_of_several_mistakes_the_token_endpoint_names_the_first_by_its_rules(
    visitor: Visitor,
) -> None:
    """Each request mends what the one before it was refused for."""
    foreign = {"Origin": "http://elsewhere.example"}
    said = []
    for form in (
        {"client_id": SPA},
        {"client_id": SPA, "grant_type": "made_up"},
        {"client_id": SPA, "grant_type": "client_credentials"},
        {"client_id": SPA, "grant_type": "authorization_code"},
        {"client_id": SPA, "grant_type": "authorization_code", "code_verifier": "v"},
    ):
        answer = await visitor.post("token", form, headers=foreign)
        said.append((answer.json()["error"], answer.json()["error_description"][:33]))
    own = await visitor.post(
        "token", {"client_id": SPA, "grant_type": "authorization_code", "code_verifier": "v"}
    )
    said.append((own.json()["error"], own.json()["error_description"][:33]))
    assert said == [
        ("invalid_request", "The token request must specify a "),
        ("unsupported_grant_type", "The authorization grant type is n"),
        ("unauthorized_client", "The client is not authorized to u"),
        ("invalid_client", "Browser requests to the token end"),
        ("invalid_request", "Browser requests to the token end"),
        ("invalid_request", "The token request must specify a "),
    ]

"""`keys?client_id=`: an app that opted out of rotation has its own key (facts/oauth B.1)."""

from urllib.parse import urlencode

import jwt
import pytest

from tests.visiting import SPA, WEB, Visitor, header_of


@pytest.mark.parametrize("client_id", [SPA, WEB, "0oa0nobody000000000h7", "<script>", ""])
@pytest.mark.parametrize("server", ["org", "default"])
async def test_no_app_has_a_key_of_its_own_so_the_keys_are_the_same(
    visitor: Visitor, server: str, client_id: str
) -> None:
    url = visitor.url("keys", server)
    plain = await visitor.ask("GET", url)

    answer = await visitor.ask("GET", f"{url}?{urlencode({'client_id': client_id})}")

    assert (answer.status, answer.json()) == (200, plain.json())
    assert answer.headers["Cache-Control"] == plain.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


async def test_an_app_s_id_token_of_the_org_server_is_verified_by_them(visitor: Visitor) -> None:
    token = (await visitor.tokens({"scope": "openid"}, server="org"))["id_token"]
    url = visitor.url("keys", "org")

    keys = (await visitor.ask("GET", f"{url}?{urlencode({'client_id': SPA})}")).json()["keys"]

    [key] = [key for key in keys if key["kid"] == header_of(token)["kid"]]
    assert jwt.decode(token, jwt.PyJWK(key), ["RS256"], audience=SPA)["aud"] == SPA

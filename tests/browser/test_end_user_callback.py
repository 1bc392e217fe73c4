"""GET /enduser/callback: where Okta's dashboard returns to."""

from urllib.parse import parse_qs, urlsplit

from mock_okta import MockOkta
from tests.visiting import Visitor


async def test_somebody_signed_in_goes_home(org: MockOkta, visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", "/enduser/callback?code=made-up&state=made-up")
    assert answer.location == f"{org.url}/app/UserHome"


async def test_anybody_else_signs_in_to_go_home(org: MockOkta, visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/enduser/callback?fromURI=https://elsewhere.example")
    location = urlsplit(answer.location)
    assert answer.location.startswith(f"{org.url}/login/login.htm?")
    assert parse_qs(location.query) == {"fromURI": ["/app/UserHome"]}

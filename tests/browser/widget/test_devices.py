"""Fingerprints, security images, and the e-mail about a new device: facts/classic D."""

from collections.abc import Callable

import msgspec
import pytest

from mock_okta import Config, Org
from mock_okta.browser.devices import SECURITY_IMAGES
from tests.visiting import APP, LOGIN, OTHER_LOGIN, PASSWORD, SEED, USER_ID, Answer, Visitor

PAGE = "/auth/services/devicefingerprint"


@pytest.fixture
def config() -> Config:
    org = Org(new_sign_on_emails=True)
    return Config(seed=msgspec.structs.replace(SEED, org=org))


async def _sign_in(visitor: Visitor, fingerprint: str | None, login: str = LOGIN) -> None:
    headers = {} if fingerprint is None else {"X-Device-Fingerprint": fingerprint}
    body = {"username": login, "password": PASSWORD}
    answer = await visitor.ask("POST", "/api/v1/authn", json=body, headers=headers)
    await visitor.authorize({"sessionToken": answer.json()["sessionToken"]})
    await visitor.ask("DELETE", "/api/v1/sessions/me")


async def _image(visitor: Visitor, login: str, fingerprint: str | None = "print-1") -> Answer:
    headers = {} if fingerprint is None else {"X-Device-Fingerprint": fingerprint}
    return await visitor.ask("GET", f"/login/getimage?username={login}", headers=headers)


async def _mails(visitor: Visitor) -> list[str]:
    messages = (await visitor.ask("GET", "/_mock/outbox")).json()["messages"]
    return [message["to"] for message in messages if message["template"] == "new-sign-on"]


async def test_a_known_device_is_shown_the_users_own_image(visitor: Visitor) -> None:
    unknown = f"{visitor.org.url}/img/security/unknown.png"
    assert (await _image(visitor, LOGIN)).json() == {
        "result": "success",
        "pwdImg": unknown,
        "imageDescription": "",
    }
    await _sign_in(visitor, "print-1")
    shown = (await _image(visitor, LOGIN)).json()
    assert shown["imageDescription"] in SECURITY_IMAGES.values()
    image = await visitor.ask("GET", shown["pwdImg"])
    assert (image.status, image.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert image.text.startswith("<svg")
    assert (await _image(visitor, LOGIN)).json() == shown


@pytest.mark.parametrize(
    ("login", "fingerprint"),
    [
        (LOGIN, "print-2"),
        (LOGIN, None),
        (OTHER_LOGIN, "print-1"),
        ("nobody@example.com", "print-1"),
        ("", "print-1"),
        ("%00", "print-1"),
    ],
)
async def test_others_learn_nothing(visitor: Visitor, login: str, fingerprint: str | None) -> None:
    await _sign_in(visitor, "print-1")
    answer = await _image(visitor, login, fingerprint)
    assert answer.json()["pwdImg"].endswith("/img/security/unknown.png")


async def test_there_is_an_image_for_everybody_and_no_other(visitor: Visitor) -> None:
    drawn = set()
    for name in ("unknown.png", *(f"{shape}.svg" for shape in SECURITY_IMAGES)):
        answer = await visitor.ask("GET", f"/img/security/{name}")
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        drawn.add(answer.text)
    assert len(drawn) == 1 + len(SECURITY_IMAGES)
    for name in ("circle", "made-up.svg", "unknown.svg", ".svg", "unknown"):
        assert (await visitor.ask("GET", f"/img/security/{name}")).status == 404


async def test_a_trusted_page_may_send_the_fingerprint(visitor: Visitor) -> None:
    for path, method in (("/api/v1/authn", "POST"), ("/login/getimage", "GET")):
        answer = await visitor.ask(
            "OPTIONS",
            path,
            headers={
                "Origin": APP,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "x-device-fingerprint,x-okta-xsrftoken",
            },
        )
        assert answer.headers["Access-Control-Allow-Origin"] == APP
        assert "x-device-fingerprint" in answer.headers["Access-Control-Allow-Headers"]


async def test_a_browser_keeps_its_fingerprint_and_another_has_another(
    a_visitor: Callable[[], Visitor],
) -> None:
    one, other = a_visitor(), a_visitor()
    first = await one.ask("GET", PAGE)
    assert (first.status, set(first.set_cookies())) == (200, {"DT"})
    again = await one.ask("GET", PAGE)
    assert (again.text, again.set_cookies()) == (first.text, {})
    assert (await other.ask("GET", PAGE)).text != first.text
    assert "X-Frame-Options" not in first.headers
    (device_token,) = [each.value for each in one.http.cookie_jar if each.key == "DT"]
    assert device_token not in first.text


async def test_a_device_that_told_its_fingerprint_is_known_by_it(
    a_visitor: Callable[[], Visitor],
) -> None:
    """With or without cookies; a device without a fingerprint is known by its cookie."""
    one, without_cookies = a_visitor(), a_visitor()
    await _sign_in(one, "print-1")
    await _sign_in(without_cookies, "print-1")
    assert await _mails(one) == [LOGIN]
    await _sign_in(one, "print-2")
    assert await _mails(one) == [LOGIN, LOGIN]
    await _sign_in(one, None)
    await _sign_in(one, None)
    assert await _mails(one) == [LOGIN, LOGIN, LOGIN]


@pytest.mark.parametrize("fingerprint", ["a b", "x" * 501, "ü"])
async def test_what_can_be_no_fingerprint_counts_as_none(
    visitor: Visitor, fingerprint: str
) -> None:
    await _sign_in(visitor, fingerprint)
    answer = await _image(visitor, LOGIN, fingerprint)
    assert answer.json()["pwdImg"].endswith("/unknown.png")


async def test_the_fingerprint_counts_when_a_factor_is_proved_later(visitor: Visitor) -> None:
    seed = {
        "users": [
            {
                "login": LOGIN,
                "password": PASSWORD,
                "id": USER_ID,
                "factors": [{"factor": "okta_question", "question": "q", "answer": "beetroot"}],
            }
        ],
        "sign_on_policies": [{"rules": [{"require_factor": True}]}],
    }
    await visitor.ask("PUT", "/_mock/seed", json=seed)
    headers = {"X-Device-Fingerprint": "print-1"}
    body = {"username": LOGIN, "password": PASSWORD}
    state = (await visitor.ask("POST", "/api/v1/authn", json=body, headers=headers)).json()
    href = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    proof = {"stateToken": state["stateToken"], "answer": "beetroot"}
    success = (await visitor.ask("POST", href, json=proof)).json()
    await visitor.authorize({"sessionToken": success["sessionToken"]})
    assert not (await _image(visitor, LOGIN)).json()["pwdImg"].endswith("/unknown.png")

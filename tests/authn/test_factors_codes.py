"""One-time passwords by time: Google Authenticator's and Okta Verify's, and their QR codes."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pyotp
import pytest
import segno

from mock_okta import Config
from tests.authn.proving import FACTOR, GOOGLE, HEAD, OKTA, Proving, embedded_factor, links
from tests.authn.signing import error_of
from tests.visiting import LOGIN, OTHER_LOGIN, SEED, USER_ID

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MISMATCH = "Your token doesn't match our records. Please try again."
USED = (403, "E0000082", [])
TOTP = "token:software:totp"
PNG = b"\x89PNG\r\n\x1a\n"
PROVIDERS = [
    pytest.param("google_otp", "GOOGLE", 24, [], id="google"),
    pytest.param("okta_otp", "OKTA", 6, ["factorResult"], id="okta"),
]


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


def _code(proving: Proving, secret: str = SECRET, steps: int = 0) -> str:
    """What the app shows, whose clock is off by some steps."""
    return pyotp.TOTP(secret).at(proving.org.clock.now() + timedelta(seconds=30 * steps))


@pytest.mark.parametrize("seeded", [GOOGLE, OKTA], ids=["google", "okta"])
@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_the_code_of_a_seeded_secret_proves_the_factor(
    proving: Proving, seeded: Any, steps: int
) -> None:
    await proving.seed(seeded | {"secret": SECRET})
    proving.org.clock.freeze()
    state = await proving.start()
    (factor,) = state["_embedded"]["factors"]
    # Keys as in the widget's sample mfa-required-email.
    assert list(factor) == [*FACTOR, "profile", "_links"]
    assert factor["profile"] == {"credentialId": LOGIN}
    code = _code(proving, steps=steps)
    assert (await proving.verify(state, passCode=code)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("steps", [-2, 2])
async def test_a_code_of_another_time_is_refused(proving: Proving, steps: int) -> None:
    await proving.seed(GOOGLE | {"secret": SECRET})
    proving.org.clock.freeze()
    refused = await proving.verify(await proving.start(), passCode=_code(proving, steps=steps))
    assert error_of(refused) == (403, "E0000068", [MISMATCH])


async def test_a_code_works_once_and_none_before_it_either(proving: Proving) -> None:
    await proving.seed(GOOGLE | {"secret": SECRET})
    proving.org.clock.freeze()
    code, before = _code(proving), _code(proving, steps=-1)
    assert (await proving.verify(await proving.start(), passCode=code)).status == 200
    state = await proving.start()
    for used in (code, before):
        assert error_of(await proving.verify(state, passCode=used)) == USED
    proving.org.clock.advance(timedelta(seconds=30))
    assert (await proving.verify(state, passCode=_code(proving))).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "\u0000", "१२३४५६"])
async def test_what_is_no_code_is_refused(proving: Proving, given: str) -> None:
    await proving.seed(GOOGLE | {"secret": SECRET})
    refused = await proving.verify(await proving.start(), passCode=given)
    assert error_of(refused) == (403, "E0000068", [MISMATCH])


async def test_a_secret_that_was_not_seeded_is_shown_to_the_tester(proving: Proving) -> None:
    await proving.seed(GOOGLE, OKTA)
    for kind in ("google_otp", "okta_otp"):
        secret = (await proving.factors())[kind]["secret"]
        state = await proving.start()
        (factor,) = [
            each
            for each in state["_embedded"]["factors"]
            if each["id"] == (await proving.factors())[kind]["id"]
        ]
        answer = await proving.post(
            factor["_links"]["verify"]["href"],
            stateToken=state["stateToken"],
            passCode=_code(proving, secret),
        )
        assert answer.json()["status"] == "SUCCESS"


@pytest.mark.parametrize(("kind", "provider", "key_length", "more"), PROVIDERS)
async def test_an_app_is_enrolled_by_its_first_code(
    proving: Proving, kind: str, provider: str, key_length: int, more: list[str]
) -> None:
    await proving.seed(enrollment={"required": [kind]})
    proving.org.clock.freeze()
    state = await proving.enrolling(TOTP, provider)
    # Keys as in the widget's sample mfa-enroll-qr-okta-verify, whose QR code is in the link.
    assert list(state) == [*HEAD, "_embedded", "_links"]
    factor = embedded_factor(state)
    assert list(factor) == [*FACTOR, "profile", "_embedded"]
    activation = factor["_embedded"]["activation"]
    words = ["timeStep", "sharedSecret", "encoding", "keyLength", *more, "_links"]
    assert list(activation) == words
    assert (activation["timeStep"], activation["keyLength"]) == (30, key_length)
    assert len(activation["sharedSecret"]) == 24
    assert links(state) == {"next": "activate", "prev": None, "cancel": None}
    secret = activation["sharedSecret"]
    refused = await proving.follow(state, passCode=_code(proving, secret, steps=2))
    assert error_of(refused) == (403, "E0000068", [MISMATCH])
    code = _code(proving, secret)
    assert (await proving.go(state, passCode=code))["status"] == "SUCCESS"
    assert (await proving.factors())[kind]["secret"] == secret
    again = await proving.start()
    assert error_of(await proving.verify(again, passCode=code)) == USED


@pytest.mark.parametrize(("kind", "provider", "_key_length", "_more"), PROVIDERS)
async def test_the_qr_code_is_a_picture_for_anybody_who_has_its_address(
    proving: Proving, kind: str, provider: str, _key_length: int, _more: list[str]
) -> None:
    await proving.seed(enrollment={"required": [kind]})
    state = await proving.enrolling(TOTP, provider)
    activation = embedded_factor(state)["_embedded"]["activation"]
    link = activation["_links"]["qrcode"]
    assert link["type"] == "image/png"
    assert f"/api/v1/users/{USER_ID}/factors/{embedded_factor(state)['id']}/qr" in link["href"]
    picture = await proving.visitor.ask("GET", link["href"])
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.body.startswith(PNG)
    others = (await proving.visitor.ask("GET", "/_mock/org")).json()["users"]
    (other_id,) = [each["id"] for each in others if each["login"] == OTHER_LOGIN]
    for gone in (
        link["href"].replace(USER_ID, "00u2"),
        link["href"].replace(USER_ID, other_id),
        link["href"].replace(embedded_factor(state)["id"], "uft1"),
    ):
        missing = await proving.visitor.ask("GET", gone)
        assert (missing.status, missing.headers["Content-Type"]) == (404, "image/png")
        assert missing.body.startswith(PNG)


@pytest.mark.parametrize("rel", ["prev", "cancel"])
async def test_the_qr_code_is_gone_with_the_enrolment(proving: Proving, rel: str) -> None:
    await proving.seed(enrollment={"required": ["google_otp"]})
    state = await proving.enrolling(TOTP, "GOOGLE")
    href = embedded_factor(state)["_embedded"]["activation"]["_links"]["qrcode"]["href"]
    await proving.go(state, rel)
    assert (await proving.visitor.ask("GET", href)).status == 404


async def test_the_qr_code_says_what_authenticator_apps_read(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["google_otp"]})
    state = await proving.enrolling(TOTP, "GOOGLE")
    activation = embedded_factor(state)["_embedded"]["activation"]
    secret, host = activation["sharedSecret"], urlsplit(proving.org.url).netloc
    uri = f"otpauth://totp/{quote(host)}:{quote(LOGIN)}?secret={secret}&issuer={quote(host)}"
    expected = io.BytesIO()
    segno.make(uri, micro=False).save(expected, kind="png", scale=4)
    picture = await proving.visitor.ask("GET", activation["_links"]["qrcode"]["href"])
    assert picture.body == expected.getvalue()

"""Factors of seeded users: what each may say, and what they become."""

from typing import Any

import pytest

from mock_okta import Config, SeedFactor
from tests.authn.proving import Proving
from tests.visiting import LOGIN, SEED, Visitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


@pytest.mark.parametrize(
    "fields",
    [
        {"factor": "okta_sms", "phone_number": "+14155551234"},
        {"factor": "okta_call", "phone_number": "+14155551234"},
        {"factor": "okta_email"},
        {"factor": "okta_email", "email": "second@example.com"},
        {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"},
        {"factor": "google_otp", "secret": SECRET},
        {"factor": "google_otp", "secret": SECRET[:24]},
        {"factor": "okta_otp"},
        {"factor": "okta_push", "number_challenge": True},
    ],
)
def test_each_kind_says_what_it_needs(fields: Any) -> None:
    assert SeedFactor(**fields).factor == fields["factor"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"factor": "fido_webauthn"}, "cannot be seeded"),
        ({"factor": "okta_password"}, "cannot be seeded"),
        ({"factor": "okta_sms"}, "'phone_number' and a factor of"),
        ({"factor": "okta_email", "phone_number": "+14155551234"}, "'phone_number' and"),
        ({"factor": "okta_question", "question": "disliked_food"}, "go with 'okta_question'"),
        ({"factor": "okta_email", "answer": "beetroot"}, "go with 'okta_question'"),
        ({"factor": "okta_otp", "email": "a@example.com"}, "'email' goes with"),
        ({"factor": "okta_email", "secret": SECRET}, "'secret' goes with"),
        ({"factor": "google_otp", "secret": SECRET[:16]}, "'secret' is base32"),
        ({"factor": "google_otp", "secret": SECRET[:30]}, "'secret' is base32"),
        ({"factor": "google_otp", "secret": SECRET.lower()}, "'secret' is base32"),
        (
            {"factor": "okta_otp", "number_challenge": True},
            "'number_challenge' and 'auto_push' go with",
        ),
        (
            {"factor": "okta_sms", "phone_number": "+14155551234", "auto_push": True},
            "'auto_push' go",
        ),
    ],
)
def test_what_does_not_fit_is_refused(fields: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SeedFactor(**fields)


async def test_a_seeded_phone_number_is_kept_as_digits(visitor: Visitor) -> None:
    proving = Proving(visitor)
    await proving.seed({"factor": "okta_sms", "phone_number": "+1 (415) 555-6688"})
    state = await proving.challenged()
    assert state["_embedded"]["factor"]["profile"] == {"phoneNumber": "+1 XXX-XXX-6688"}
    assert (await proving.messages("sms"))[-1]["to"] == "+14155556688"


async def test_a_seeded_address_is_the_users_unless_it_is_another(visitor: Visitor) -> None:
    proving = Proving(visitor)
    for factor, to in (
        ({"factor": "okta_email"}, LOGIN),
        ({"factor": "okta_email", "email": "second@example.com"}, "second@example.com"),
    ):
        await proving.seed(factor)
        await proving.challenged()
        assert (await proving.messages("email"))[-1]["to"] == to


async def test_a_secret_that_is_left_out_is_the_same_in_every_run(visitor: Visitor) -> None:
    proving = Proving(visitor)
    secrets = []
    for _ in range(2):
        await visitor.ask("POST", "/_mock/reset")
        await proving.seed({"factor": "google_otp"}, {"factor": "okta_otp"})
        secrets.append([each["secret"] for each in (await proving.factors()).values()])
    assert secrets[0] == secrets[1]
    assert secrets[0][0] != secrets[0][1]

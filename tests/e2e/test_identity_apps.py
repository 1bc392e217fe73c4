"""Apps of an Identity Engine org: redirected, asked for consent, with the widget embedded."""

import jwt
import pytest

from mock_okta_harness.pages.identity import Consent, GoogleChallenge, SelectAuthenticator
from tests.e2e.identity import EMAIL_FACTOR, LOGIN, PASSWORD, SECRET, Walk

pytestmark = pytest.mark.browser


def test_an_app_redirects_and_asks_for_consent(walk: Walk) -> None:
    walk.seed()
    walk.seed_app(consent_method="REQUIRED")
    consent = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, Consent)
    denied = consent.deny().answer
    assert (denied["error"], denied["state"]) == ("access_denied", "the-state")
    consent = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, Consent)
    answer = consent.allow().answer
    assert answer["code"]
    assert answer["state"] == "the-state"


def test_an_app_embeds_the_widget_and_has_tokens(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, {"factor": "google_otp", "secret": SECRET})
    walk.seed_app()
    identify = walk.open_embedding_app()
    assert identify.fill(LOGIN, "wrong").be_refused().error() == "Unable to sign in"
    choosing = identify.sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    identify = choosing.cancel()
    choosing = identify.sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    app = choosing.choose(GoogleChallenge)
    tokens = app.verify(walk.code_of_an_app()).tokens
    claims = jwt.decode(tokens["idToken"]["idToken"], options={"verify_signature": False})
    assert claims["amr"] == ["mfa", "otp", "pwd"]

"""The screens on which somebody becomes a user, signed in at once or by a link."""

import pytest

from mock_okta_harness.pages import HomePage, RegistrationComplete
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, NAMES, PASSWORD, Stage
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

NEW_USER = {"email": "new@example.com", "password": PASSWORD, **NAMES}


@tries("Registration")
@shows("registration")
def test_somebody_registers_and_is_signed_in(stage: Stage) -> None:
    taken = {"login": LOGIN, "password": PASSWORD, "profile": NAMES}
    stage.control.seed({"users": [taken], "registration": {}})
    form = stage.open(features="registration").register().back().register()
    form.fill(**{**NEW_USER, "email": LOGIN}).be_refused()
    stage.looks_right("registration")
    assert "already exists" in form.error()
    assert form.fill(**{**NEW_USER, "password": "short"}).be_refused().error()
    demo = form.fill(**NEW_USER).submit()
    assert demo.greeting() == "Hello, new@example.com"


@tries("Registration")
@shows("registration-complete")
def test_somebody_registers_and_follows_the_link(stage: Stage) -> None:
    stage.control.seed({"registration": {"activation_email": True}})
    form = stage.open(features="registration").register()
    complete = form.fill(**NEW_USER).submit_to(RegistrationComplete)
    stage.looks_right("registration-complete")
    complete.back().be_refused("new@example.com", PASSWORD)
    stage.page.goto(stage.link())
    assert HomePage(stage.page).user().startswith("Test")
    assert [session.login for session in stage.control.sessions()] == ["new@example.com"]

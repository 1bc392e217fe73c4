"""The screens before, beside and after the password: the form itself, discovery, resuming."""

import pytest

from mock_okta_harness import faults
from mock_okta_harness.pages import PasswordExpired, RefreshAuthState, SignInForm
from tests.e2e.gallery import shows
from tests.e2e.screens import LOGIN, NAMES, PASSWORD, Stage

pytestmark = pytest.mark.browser


def seed(stage: Stage, **user: object) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, **user}
    stage.control.seed({"users": [user]})


@shows("primary-auth", "refresh-auth-state")
def test_a_sign_in_that_began_elsewhere_is_resumed(stage: Stage) -> None:
    seed(stage, status="PASSWORD_EXPIRED")
    form = stage.open(features="registration,selfServiceUnlock")
    assert form.help_address() == f"{stage.control.url}/help/login"
    form.fill(LOGIN, PASSWORD).remember_me().need_help()
    stage.gallery.store("primary-auth")
    form.sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    state_token = stage.cookie("oktaStateToken")
    stage.control.plan_fault(faults.delay(1).on("/api/v1/authn*", "POST"))
    loading = RefreshAuthState(stage.open_page(stateToken=state_token).shown_widget())
    stage.gallery.store("refresh-auth-state")
    loading.resumed(PasswordExpired).sign_out()
    form = SignInForm(stage.open_page(stateToken=state_token).shown_widget())
    assert "expired" in form.wait_for_error().error()

"""A browser context that starts with a session: made over HTTP, or saved with a snapshot."""

import pytest

from mock_okta_harness.browser.storage_state import CannotSignInError, signed_in_state
from mock_okta_harness.builders import a_user
from mock_okta_harness.running import RunningOrg


def test_a_session_is_had_without_a_browser(okta_org: RunningOrg) -> None:
    okta_org.control.seed(a_user("guest@example.com"))
    state = signed_in_state(okta_org, "guest@example.com", "mock-Password-1")
    (session,) = okta_org.control.sessions()
    assert session.login == "guest@example.com"
    (sid,) = [cookie for cookie in state["cookies"] if cookie["name"] == "idx"]
    assert sid["value"] == session.id
    assert (sid["domain"], sid["path"], sid["httpOnly"]) == ("localhost", "/", True)


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (a_user("guest@example.com").with_expired_password(), "PASSWORD_EXPIRED"),
        (a_user("guest@example.com").suspended(), "401 Authentication failed"),
    ],
)
def test_who_cannot_sign_in_by_a_password_is_reported(
    okta_org: RunningOrg, user: object, reason: str
) -> None:
    okta_org.control.seed(user)  # type: ignore[arg-type] -- a builder
    with pytest.raises(CannotSignInError, match=f"guest@example.com .*{reason}"):
        signed_in_state(okta_org, "guest@example.com", "mock-Password-1")


@pytest.mark.browser
def test_pages_start_signed_in(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile("""
    import pytest
    from mock_okta_harness.builders import a_user
    from mock_okta_harness.pages import HostedSignInPage

    def user_of(context, url):
        return context.request.get(url + "/api/v1/sessions/me").json()["login"]

    def test_whom_one_wants(new_context, okta_storage_state, okta_url):
        for user in (a_user(), a_user("guest@example.com")):
            context = new_context(storage_state=okta_storage_state(user))
            assert user_of(context, okta_url) == user.login

    @pytest.fixture
    def context(new_context, okta_storage_state):
        return new_context(storage_state=okta_storage_state())

    @pytest.mark.parametrize("time", [1, 2])
    def test_the_pages_of_a_whole_project(page, okta_url, okta_user, time):
        page.goto(okta_url)
        assert user_of(page.context, okta_url) == okta_user.login

    # A sign-in that takes a browser, done once: the org's part of it is a snapshot.
    @pytest.fixture(scope="session")
    def saved_state(okta_server, browser):
        with browser.new_context() as context:
            page = HostedSignInPage.open(context.new_page(), okta_server.url)
            page.sign_in("tester@example.com", "mock-Password-1")
            okta_server.control.take_snapshot("signed in")
            return context.storage_state()

    @pytest.mark.parametrize("time", [1, 2])
    def test_a_saved_session_outlives_resets(saved_state, okta_control, new_context, time):
        okta_control.restore_snapshot("signed in")
        context = new_context(storage_state=saved_state)
        assert user_of(context, okta_control.url) == "tester@example.com"
    """)
    strict_project.runpytest_subprocess().assert_outcomes(passed=5)

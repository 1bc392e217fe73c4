"""The demo's steps: what a user does, from no session to sign-out, and the expected results.

`STEPS` lists them in order. A step acts through the page objects, returns in a few words what it
saw, and raises `StepFailedError` if that is not what it should be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from mock_okta_harness.pages import DemoPage, SignInForm
from mock_okta_harness.pages.identity import Identify
from mock_okta_harness.recorder.capture import record

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Frame, Page, Request

    from mock_okta.model.directory import EngineName
    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.recorder import RecordedTokens
    from mock_okta_harness.running import DemoApp, RunningOrg

TOKENS_FILE = "tokens.json"
IDENTITY_WIDGET = "7.49.0"


class StepFailedError(Exception):
    """A step did not end as it should; the message says what happened."""


@dataclass
class Walk:
    """One walk through the demo: its org, app and page, and its state."""

    page: Page
    org: RunningOrg
    app: DemoApp
    user: UserBuilder
    widget: str
    folder: Path
    engine: EngineName = "classic"
    visited: list[str] = field(default_factory=list)
    silent_requests: list[str] = field(default_factory=list)
    """URLs that were asked for new tokens: those of hidden frames, or of the token endpoint."""
    form: SignInForm[DemoPage] | Identify[DemoPage] | None = None
    demo: DemoPage | None = None
    recorded: RecordedTokens | None = None
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Record the page's URLs, frames that renew tokens, and the browser's error messages."""
        self.page.on("framenavigated", self._note_navigation)
        self.page.on("request", self._note_request)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note_message)

    def shown(self) -> DemoPage:
        """Return the demo page that an earlier step opened."""
        if self.demo is None:
            raise StepFailedError("no step has opened the page")
        return self.demo

    def _note_navigation(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.visited.append(frame.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _note_request(self, request: Request) -> None:
        is_frame = "prompt=none" in request.url and request.is_navigation_request()
        if is_frame or "grant_type=refresh_token" in (request.post_data or ""):
            self.silent_requests.append(request.url)


def no_session(walk: Walk) -> str:
    """Without a session, the page asks for user name and password."""
    walk.demo = DemoPage.open(walk.page, walk.app.url, widget=walk.widget)
    _expect(walk.demo.state() == "signed-out", f"the page says {walk.demo.state()!r}")
    walk.form = _shown_form(walk, walk.demo)
    return f"widget {walk.widget} shows its form"


def wrong_password(walk: Walk) -> str:
    """A wrong password is refused, and the form says so."""
    form, wrong = _form(walk), f"not-{walk.user.password}"
    if isinstance(form, Identify):
        said = form.fill(walk.user.login, wrong).be_refused().error()
    else:
        said = form.be_refused(walk.user.login, wrong).error()
    _expect(said != "", "the form shows no error")
    _expect(walk.shown().stored_tokens().access_token is None, "tokens are stored in spite of that")
    return f"refused: {' '.join(said.split())}"


def right_password(walk: Walk) -> str:
    """The right password signs the user in."""
    walk.demo = _form(walk).sign_in(walk.user.login, walk.user.password)
    _expect(walk.demo.state() == "signed-in", f"the page says {walk.demo.state()!r}")
    return walk.demo.greeting()


def redirect_with_tokens(walk: Walk) -> str:
    """The browser returns with tokens, or with a code that the page redeems."""
    answer = next((found for found in map(_answer, walk.visited) if found), None)
    if answer is None:
        raise StepFailedError(f"no redirect brought an answer; the page went {walk.visited}")
    _expect("error" not in answer, f"the redirect brought an error: {answer}")
    is_code = not answer.isdisjoint({"code", "interaction_code"})
    _expect(is_code or {"access_token", "id_token"} <= answer, f"it brought {answer}")
    _expect(_answer(walk.page.url) == set(), "the answer is still in the address bar")
    return f"brought {', '.join(sorted(answer))}, gone from the address bar"


def tokens_verified(walk: Walk) -> str:
    """The page's library verifies the tokens, and so does PyJWT outside of the browser."""
    in_page = walk.shown().verified()
    _expect(in_page != "", "the page has verified nothing")
    walk.recorded = record(walk.shown(), walk.org, walk.user.login).recorded_tokens()
    claims = walk.recorded.verify()
    subject = claims.access_token["sub"]
    _expect(subject == walk.user.login, f"the access token is of {subject}")
    return f"the page: {in_page}; PyJWT with the issuer's keys: both tokens, of {subject}"


def tokens_stored(walk: Walk) -> str:
    """The page stores the tokens; they are also written to a file for people to read."""
    if walk.recorded is None:
        raise StepFailedError("no step has recorded tokens")
    path = walk.folder / TOKENS_FILE
    walk.recorded.save(path)
    return f"in the browser's storage, recorded in {path}"


def messages_from_the_api(walk: Walk) -> str:
    """The API accepts the access token."""
    messages = walk.shown().get_messages().messages()
    _expect(messages != [], f"the API gave none: {walk.shown().error()}")
    return f"{len(messages)} messages, first: {' '.join(messages[0].split())}"


def silent_renewal(walk: Walk) -> str:
    """The page gets new tokens without asking the user."""
    before = walk.shown().stored_tokens()
    walk.silent_requests.clear()
    after = walk.shown().renew_tokens().stored_tokens()
    _expect(walk.shown().error() == "", f"the page says {walk.shown().error()}")
    _expect(before.access_token != after.access_token, "the access token is still the same")
    _expect(before.id_token != after.id_token, "the ID token is still the same")
    asked = walk.silent_requests
    _expect(asked != [], "no hidden frame and no refresh token asked for them")
    record(walk.shown(), walk.org, walk.user.login).recorded_tokens().verify()
    ways = ["hidden frame" if "prompt=none" in url else "refresh token" for url in asked]
    return f"by {', '.join(ways)}; new tokens verified"


def reload_with_a_session(walk: Walk) -> str:
    """After a reload, the page finds the org's session."""
    walk.demo = walk.shown().reload()
    _expect(walk.demo.state() == "welcome-back", f"the page says {walk.demo.state()!r}")
    return walk.demo.greeting()


def sign_out(walk: Walk) -> str:
    """The session is over, and the tokens are gone from the page."""
    walk.demo = walk.shown().sign_out()
    stored = walk.demo.stored_tokens()
    _expect(not stored.access_token and not stored.id_token, "tokens are still stored")
    walk.demo = walk.demo.reload()
    _expect(walk.demo.state() == "signed-out", f"after a reload: {walk.demo.state()!r}")
    walk.form = _shown_form(walk, walk.demo)
    return "tokens gone, session over: the form is back"


Step = Callable[[Walk], str]

STEPS: tuple[tuple[str, Step], ...] = (
    ("no session", no_session),
    ("wrong password", wrong_password),
    ("right password", right_password),
    ("redirect with tokens", redirect_with_tokens),
    ("tokens verified", tokens_verified),
    ("tokens stored", tokens_stored),
    ("messages from the API", messages_from_the_api),
    ("silent renewal", silent_renewal),
    ("reload with an active session", reload_with_a_session),
    ("sign-out", sign_out),
)


def engine_for(widget: str) -> EngineName:
    """Return which engine the demo shows that release of the widget with."""
    return "identity" if widget == IDENTITY_WIDGET else "classic"


def _shown_form(walk: Walk, demo: DemoPage) -> SignInForm[DemoPage] | Identify[DemoPage]:
    return demo.identify() if walk.engine == "identity" else demo.sign_in_form()


def _form(walk: Walk) -> SignInForm[DemoPage] | Identify[DemoPage]:
    if walk.form is None:
        raise StepFailedError("no step has found the form")
    return walk.form


def _answer(url: str) -> set[str]:
    """Return the names (no values) of the response parameters in a URL of the page."""
    address = urlsplit(url)
    names = parse_qs(address.fragment).keys() | parse_qs(address.query).keys()
    return set(names) & {"access_token", "id_token", "code", "interaction_code", "error"}


def _expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 -- reads as the sentence it is
    if not holds:
        raise StepFailedError(otherwise)

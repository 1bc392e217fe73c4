"""A sign-in with the real widget in a real browser, at an org started for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mock_okta_harness.demo.stage import a_browser_page
from mock_okta_harness.demo.steps import IDENTITY_WIDGET
from mock_okta_harness.recorder.capture import record
from mock_okta_harness.recorder.raw_exchange import RawExchange
from mock_okta_harness.running import demo_app_process

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_okta.control.recorded_requests import RecordedRequest
    from mock_okta_harness.recorder.order import SignInOrder
    from mock_okta_harness.recorder.recording import Recording
    from mock_okta_harness.running import DemoApp, RunningOrg

__all__ = ["record_widget_sign_in"]

_PARTS_OF_A_SIGN_IN = ("/api/v1/", "/idp/idx/", "/oauth2/", "/.well-known/", "/login/")
_STEPS = {"openid-configuration": "discovery", "me": "session"}
_UNSPEAKING = re.compile(r"[^a-z0-9-]")


def record_widget_sign_in(order: SignInOrder, org: RunningOrg, widget: str) -> Recording:
    """Sign in and out on the demo app's page; the order's client is not used.

    Raises NothingToRecordError, and the errors of `stage` and the page objects.
    """
    from mock_okta_harness.pages import DemoPage  # noqa: PLC0415 -- as stage: slow to import

    with demo_app_process(org) as app, a_browser_page(org) as page:
        org.control.seed(app.as_client())
        demo = DemoPage.open(page, app.url, widget=widget)
        by_identity_engine = (org.control.org().engine, widget) == ("identity", IDENTITY_WIDGET)
        form = demo.identify() if by_identity_engine else demo.sign_in_form()
        shown = form.sign_in(order.username, order.password)
        recording = record(shown, org, order.username)
        shown.sign_out()
        exchanges = tuple(_of_the_browser(org.control.requests(), org.url))
    return replace(
        recording,
        exchanges=exchanges,
        stand_ins=_stand_ins(app),
        secrets={"password": order.password},
    )


def _stand_ins(app: DemoApp) -> dict[str, str]:
    """Return one address for the app in all recordings."""
    return {app.url: "http://localhost:8080", app.api_url: "http://localhost:8081"}


def _of_the_browser(requests: Iterable[RecordedRequest], org_url: str) -> Iterator[RawExchange]:
    """Yield the browser's requests; the API also fetches keys, at any time."""
    seen: dict[str, int] = {}
    for request in requests:
        is_part = request.path.startswith(_PARTS_OF_A_SIGN_IN) and request.method != "OPTIONS"
        if not is_part or "sec-fetch-mode" not in request.headers or request.status is None:
            continue
        step = _step(request.path)
        seen[step] = seen.get(step, 0) + 1
        number = f"-{seen[step]}" if seen[step] > 1 else ""
        yield _raw(f"{step}{number}", request, org_url)


def _raw(step: str, request: RecordedRequest, org_url: str) -> RawExchange:
    query = f"?{request.query}" if request.query else ""
    return RawExchange(
        step=step,
        method=request.method,
        url=f"{org_url}{request.path}{query}",
        headers=request.headers,
        body=request.body,
        status=request.status or 0,
        answer_headers=tuple(request.response_headers.items()),
        answer=request.response_body,
    )


def _step(path: str) -> str:
    last = path.rstrip("/").rpartition("/")[2]
    return _STEPS.get(last) or _UNSPEAKING.sub("-", last.lower())

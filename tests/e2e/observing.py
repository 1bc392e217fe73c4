"""What a test sees of a run from both sides: what the browser did, and what the org logged."""

import logging
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

GREETINGS = ("Hello, ", "Welcome back, ")
CALLS = ("fetch", "xhr")


class Observed:
    """What a page does from now on."""

    def __init__(self, page: Page) -> None:
        self.greetings: list[str] = []
        self.crashes: list[str] = []
        self.requests: list[Request] = []
        page.on("console", self._note_greeting)
        page.on("pageerror", lambda error: self.crashes.append(str(error)))
        page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 -- Playwright marks what it is given, and a list's own method takes no marks

    def calls_of(self, origin: str) -> set[str]:
        """The calls that scripts made to an origin: method and path."""
        calls = [request for request in self.requests if request.resource_type in CALLS]
        return {_named(call) for call in calls if call.url.startswith(f"{origin}/")}

    def asked_elsewhere(self, *origins: str) -> list[str]:
        """The URLs that went over the network to none of these origins."""
        urls = [request.url for request in self.requests if request.url.startswith("http")]
        homes = tuple(f"{origin}/" for origin in origins)
        return [url for url in urls if not url.startswith(homes)]

    def _note_greeting(self, message: ConsoleMessage) -> None:
        if message.text.startswith(GREETINGS):
            self.greetings.append(message.text)


class OrgLog(logging.Handler):
    """What the orgs of this process log from now on."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def requests(self) -> list[str]:
        """The requests so far: method and path."""
        wires = [record.__dict__["wire"] for record in self._of("mock_okta.requests")]
        return [f"{wire['method']} {wire['path']}" for wire in wires]

    def statuses(self, request: str) -> list[int]:
        """How the org answered a request, each time."""
        wires = [record.__dict__["wire"] for record in self._of("mock_okta.requests")]
        return [w["status"] for w in wires if f"{w['method']} {w['path']}" == request]

    def warnings(self) -> list[str]:
        """What the org warns of."""
        return [each.getMessage() for each in self.records if each.levelno >= logging.WARNING]

    def _of(self, logger: str) -> list[logging.LogRecord]:
        return [record for record in self.records if record.name == logger]


def _named(request: Request) -> str:
    return f"{request.method} {urlsplit(request.url).path}"

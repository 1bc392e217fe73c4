"""A client that sends any given request, however odd, and checks the answer."""

import http.client
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["Client", "Reply", "holds_markup"]

_JWT = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
_PATIENCE = 20


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def location(self) -> str | None:
        return self.headers["Location"]

    @property
    def is_page(self) -> bool:
        return str(self.headers["Content-Type"] or "").startswith("text/html")

    def json(self) -> Any:
        is_json = self.headers["Content-Type"] == "application/json"
        return json.loads(self.body) if is_json and self.body else None

    @property
    def returned(self) -> dict[str, list[str]]:
        """The parameters that a redirect carries."""
        parts = urlsplit(self.location or "")
        return parse_qs(parts.query) | parse_qs(parts.fragment)

    @property
    def gives_tokens(self) -> bool:
        """Whether there is a JWT or an authorization code in it, wherever."""
        everything = self.body + (self.location or "").encode()
        in_page = b"data.code = '" in self.body or b'name="code"' in self.body
        return bool(_JWT.search(everything)) or "code" in self.returned or in_page


class Client:
    """One connection that is kept while it holds."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=_PATIENCE)

    def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Reply:
        """Send exactly these headers, and Host and Content-Length besides."""
        connection = self._connection
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value.encode("utf-8"))
            if body or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        except (ConnectionError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return reply

    def close(self) -> None:
        """Begin a new connection with the next request."""
        self._connection.close()


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [tag, *(name for name, _ in attrs)]
        urls = [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.found |= any("fuzz" in name for name in names)
        self.found |= any(url.strip().lower().startswith("javascript:") for url in urls)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def holds_markup(page: str) -> bool:
    """Whether something that came in (its marker is `fuzz`) is markup or script in the page."""
    finder = _Finder()
    finder.feed(page)
    return finder.found or "';fuzz()" in page or '";fuzz()' in page

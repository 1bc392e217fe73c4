"""Requests of a browser and a client to one org, each recorded raw."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mock_okta.control.fetching import fetch_with_headers
from mock_okta_harness.recorder.raw_exchange import RawExchange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Conversation", "NoAnswerError"]

_FORM = "application/x-www-form-urlencoded"


class NoAnswerError(Exception):
    """The org could not be reached."""


@dataclass
class Conversation:
    """Requests to an org, in order. Cookies that it sets are sent with later requests."""

    ca_file: Path | None = None
    exchanges: list[RawExchange] = field(default_factory=list, repr=False)
    cookies: dict[str, str] = field(default_factory=dict, repr=False)

    def get(
        self, step: str, url: str, query: Mapping[str, str] | None = None, **headers: str
    ) -> RawExchange:
        """Send a GET."""
        return self._send(step, "GET", f"{url}?{urlencode(query)}" if query else url, headers)

    def browse(self, step: str, url: str, query: Mapping[str, str]) -> RawExchange:
        """Send a GET as a browser does, with its cookies."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"accept": "text/html"} | ({"cookie": cookies} if cookies else {})
        return self._send(step, "GET", f"{url}?{urlencode(query)}", headers)

    def post_json(self, step: str, url: str, body: Mapping[str, Any]) -> RawExchange:
        """Send JSON."""
        kind = {"content-type": "application/json"}
        return self._send(step, "POST", url, kind, json.dumps(body))

    def post_form(
        self, step: str, url: str, form: Mapping[str, str], **headers: str
    ) -> RawExchange:
        """Send a form."""
        kind = {"content-type": _FORM, **headers}
        return self._send(step, "POST", url, kind, urlencode(form))

    def _send(
        self, step: str, method: str, url: str, given: Mapping[str, str], body: str = ""
    ) -> RawExchange:
        headers = {"accept": "application/json", **given}
        content = body.encode() if body else None
        try:
            status, answered, answer = fetch_with_headers(
                url, self.ca_file, method, content, headers=headers
            )
        except (OSError, http.client.HTTPException) as failure:
            raise NoAnswerError(f"{step}: {method} {_where(url)}: {failure}") from failure
        exchange = RawExchange(
            step=step,
            method=method,
            url=url,
            headers=headers,
            body=body,
            status=status,
            answer_headers=[(name.lower(), value) for name, value in answered.items()],
            answer=answer.decode("utf-8", "replace"),
        )
        self._keep(exchange)
        return exchange

    def _keep(self, exchange: RawExchange) -> None:
        self.exchanges.append(exchange)
        for line in exchange.set_cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()


def _where(url: str) -> str:
    """Return a URL without its parameters, which may be secret."""
    return url.partition("?")[0]

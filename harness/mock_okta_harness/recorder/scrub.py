"""Makes a cassette's exchanges and tokens from raw ones, with the tables in `scrubbing_rules`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mock_okta_harness.recorder import scrubbing_rules as rules
from mock_okta_harness.recorder.cassette import Answered, Asked, Exchange, Token
from mock_okta_harness.recorder.placeholders import instant, instant_in, named
from mock_okta_harness.recorder.raw_exchange import parameters_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from mock_okta_harness.recorder.known_values import KnownValues
    from mock_okta_harness.recorder.raw_exchange import RawExchange

__all__ = ["SCRUBBED", "Scrubbing", "allowed_in", "is_public", "subject"]

SCRUBBED = "scrubbed"
_PUBLIC: frozenset[str] = frozenset({"everything is public here"})
_STEP = re.compile(r"(-refused)?(-\d+)?$")
_OKTA_ID = re.compile(r"\b(?:00[a-z0-9]|0oa|aus|oae|oar|ost|pol|uft|opf)[A-Za-z0-9_-]{17,22}\b")
_FOREIGN = re.compile(r"https?://(?!\$|localhost[:/])[^\s\"'/?#,;]+")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}")
_OURS = frozenset({*rules.PERSONAL.values(), *rules.STAND_INS.values()})


def allowed_in(step: str) -> AbstractSet[str]:
    """Return the fields in the bodies of a step whose values are public."""
    base = _STEP.sub("", step)
    if base in rules.METADATA_STEPS:
        return _PUBLIC
    return rules.CLAIMS if base in rules.SUBJECT_STEPS else rules.FIELDS


def is_public(name: str, allowed: AbstractSet[str]) -> bool:
    """Return whether a field's value is public."""
    return allowed is _PUBLIC or name in allowed


def subject(value: str) -> str:
    """Return the replacement of a subject: a user's id or a login."""
    return rules.PERSONAL["uid" if _OKTA_ID.fullmatch(value) else "login"]


@dataclass(frozen=True)
class Scrubbing:
    """Scrubs one recording, with the secrets that were found before.

    `user_data_kept`: the user's data are made up and can stay.
    """

    known: KnownValues
    recorded_at: datetime
    user_data_kept: bool

    def exchange(self, raw: RawExchange) -> Exchange:
        """Scrub one exchange."""
        allowed = allowed_in(raw.step)
        return Exchange(
            step=raw.step,
            request=Asked(
                method=raw.method,
                url=self._url(raw.url),
                query=self.value(raw.query, "", rules.FIELDS),
                headers=self._request_headers(raw),
                body=self._body(raw.request_body(), rules.FIELDS),
            ),
            response=Answered(
                status=raw.status,
                headers=self._response_headers(raw),
                body=self._body(raw.response_body(), allowed),
            ),
        )

    def token(self, header: dict[str, Any], payload: dict[str, Any]) -> Token:
        """Scrub a JWT; its signature is left out."""
        return Token(
            header=self.value(header, "", rules.CLAIMS),
            payload=self.value(payload, "", rules.CLAIMS),
        )

    def value(self, value: Any, name: str, allowed: AbstractSet[str]) -> Any:
        """Scrub the value of a field, and all values in it."""
        if isinstance(value, dict):
            return {
                self.known.text(each): self.value(inner, each, allowed)
                for each, inner in value.items()
            }
        if isinstance(value, list):
            return [self.value(each, name, allowed) for each in value]
        if isinstance(value, str):
            return self._named_text(value, name, allowed)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, name, allowed)
        return value if value is None or self._is_public(name, allowed) else True

    def _number(self, value: float, name: str, allowed: AbstractSet[str]) -> float | str:
        if name in rules.INSTANTS:
            return instant(value - self.recorded_at.timestamp())
        if name in rules.OLD_INSTANTS:
            return named("past")
        return value if self._is_public(name, allowed) else 0

    def _named_text(self, value: str, name: str, allowed: AbstractSet[str]) -> str:
        at = instant_in(value)
        if at and name in rules.OLD_INSTANTS:
            return "${past:iso}"
        if at and name in rules.INSTANTS:
            return instant((at - self.recorded_at).total_seconds(), iso=True)
        if name in rules.HASHES:
            return named(name)
        if self.known.knows(value):
            return self.known.text(value)
        if self._is_public(name, allowed):
            return self._public_text(value, is_audience=name == "aud")
        return self._personal(value, name)

    def _personal(self, value: str, name: str) -> str:
        if name == "idp":
            return rules.STAND_INS["idp"]
        if name == "sub":
            return subject(value)
        return rules.PERSONAL.get(name, SCRUBBED) if value else value

    def _public_text(self, text: str, *, is_audience: bool = False) -> str:
        known = self.known.text(text)
        if self.user_data_kept or is_audience:
            return known
        without_ids = _OKTA_ID.sub(
            lambda found: found[0] if found[0] in _OURS else self.known.numbered("id", found[0]),
            known,
        )
        return _FOREIGN.sub("https://scrubbed.example", without_ids)

    def _is_public(self, name: str, allowed: AbstractSet[str]) -> bool:
        return self.user_data_kept or is_public(name, allowed)

    def _body(self, body: Any, allowed: AbstractSet[str]) -> Any:
        # A text is the type of a body that was not parsed.
        return body if isinstance(body, str) else self.value(body, "", allowed)

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else parts.path
        return self._public_text(base)

    def _location(self, location: str, parameters: dict[str, str]) -> str:
        scrubbed = self.value(parameters, "", rules.FIELDS)
        mark = "?" if urlsplit(location).query else "#"
        told = "&".join(f"{name}={value}" for name, value in scrubbed.items())
        return f"{self._url(location)}{mark if told else ''}{told}"

    def _request_headers(self, raw: RawExchange) -> dict[str, Any]:
        return {
            name: self._request_header(name, value)
            for name, value in sorted(raw.headers.items())
            if name in rules.REQUEST_HEADERS
        }

    def _request_header(self, name: str, value: str) -> Any:
        if name == "cookie":
            return sorted(
                _HEX.sub("${hex}", each.split("=")[0].strip()) for each in value.split(";")
            )
        if name == "authorization":
            scheme, _, credentials = value.partition(" ")
            return f"{scheme} {self.known.secret('credentials', credentials)}"
        return self._public_text(value)

    def _response_headers(self, raw: RawExchange) -> dict[str, Any]:
        headers: dict[str, Any] = {
            name: self._response_header(name, value)
            for name, value in sorted(raw.answer_headers)
            if name in rules.HEADERS
        }
        if "set-cookie" in headers:
            headers["set-cookie"] = sorted(map(self._cookie, raw.set_cookies))
        return headers

    def _response_header(self, name: str, value: str) -> str:
        if name in rules.PRESENCE_ONLY:
            return "${any}"
        if name == "location":
            return self._location(value, parameters_of(value))
        if name == "expires" and not value.lstrip("-").isdigit():
            return "${date}"
        return self._public_text(value)

    def _cookie(self, line: str) -> str:
        pair, *attributes = (part.strip() for part in line.split(";"))
        name, _, value = pair.partition("=")
        kept = [
            "Expires=${date}" if each.lower().startswith("expires=") else self._public_text(each)
            for each in attributes
        ]
        shown = "${cookie}" if value.strip('"') else ""
        return "; ".join([f"{_HEX.sub('${hex}', name)}={shown}", *kept])

"""The result of a sign-in, and the two files made from it: a cassette, and its tokens.

For a cassette: find the values that must not be in it, replace them, check the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt

from mock_okta_harness.recorder import scrubbing_rules as rules
from mock_okta_harness.recorder.cassette import Cassette, Making, Token
from mock_okta_harness.recorder.known_values import KnownValues
from mock_okta_harness.recorder.placeholders import ORG
from mock_okta_harness.recorder.raw_exchange import parameters_of
from mock_okta_harness.recorder.recorded_tokens import RecordedClaims, RecordedTokens
from mock_okta_harness.recorder.scrub import Scrubbing, allowed_in, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mock_okta_harness.recorder.raw_exchange import RawExchange

__all__ = ["NothingToRecordError", "Recording"]

# Personal values that must not be in the scrubbed file; a first name may be a usual word.
_PRIVATE = frozenset({"email", "login", "preferred_username", "uid", "user_id", "username", "sub"})

# A shorter value is a language or a flag.
_SHORTEST_COOKIE = 12


class NothingToRecordError(Exception):
    """There are no tokens to record, or their keys could not be fetched."""


@dataclass(frozen=True)
class Recording:
    """A sign-in unchanged, with all its secrets.

    `tokens`: the JWTs by name. `stand_ins`: other values to replace, such as the app's address,
    with their replacements. `read_at`: the org's time when the tokens were read; None if only the
    tokens have a time.
    """

    making: Making
    org_url: str
    exchanges: Sequence[RawExchange] = field(repr=False)
    tokens: Mapping[str, str] = field(repr=False)
    jwks: Mapping[str, Any]
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    read_at: datetime | None = None

    def recorded_tokens(self) -> RecordedTokens:
        """Return the tokens unchanged, with claims, JWKS and time. Raises NothingToRecordError.

        They stay valid: do not share a file from another org before they expire.
        """
        decoded = self._decoded()
        if not {"access_token", "id_token"} <= decoded.keys():
            raise NothingToRecordError(
                "The sign-in returned no access token and ID token that are JWTs: "
                "did it request the scope openid?"
            )
        claims = {name: token.payload for name, token in decoded.items()}
        return RecordedTokens(
            recorded_at=self.read_at or _instant(decoded),
            made=self.making,
            issuer=claims["access_token"]["iss"],
            audience=claims["access_token"]["aud"],
            access_token=self.tokens["access_token"],
            id_token=self.tokens["id_token"],
            claims=RecordedClaims(**claims),
            jwks=dict(self.jwks),
        )

    def cassette(self) -> Cassette:
        """Return the cassette, without a secret. Raises SecretLeftError."""
        decoded = self._decoded()
        known = self._known(decoded)
        instant = _instant(decoded)
        scrubbing = Scrubbing(known, instant, self.making.user_data == "kept")
        cassette = Cassette(
            recorded_at=instant,
            made=self._making(),
            jwks=scrubbing.value(dict(self.jwks), "", allowed_in("keys")),
            tokens={
                name: scrubbing.token(token.header, token.payload)
                for name, token in decoded.items()
            },
            exchanges=tuple(map(scrubbing.exchange, self.exchanges)),
        )
        known.make_sure(cassette.text())
        return cassette

    def _decoded(self) -> dict[str, Token]:
        return {name: found for name, jws in self.tokens.items() if (found := _decoded(jws))}

    def _making(self) -> Making:
        """Return the recipe without the names of a real org."""
        if self.making.user_data == "kept":
            return self.making
        making = self.making
        return Making(
            org=making.org,
            way=making.way,
            user_data=making.user_data,
            authorization_server=rules.STAND_INS["authorization_server"]
            if making.authorization_server != "org"
            else "org",
            client_id=rules.STAND_INS["client_id"],
            login=rules.PERSONAL["login"],
            scopes=making.scopes,
        )

    def _known(self, decoded: Mapping[str, Token]) -> KnownValues:
        known = KnownValues()
        for kind, secret in (*self.secrets.items(), *self.tokens.items()):
            known.secret(kind, secret)
        known.stand_in(self.org_url, ORG)
        known.stand_in(urlsplit(self.org_url).netloc, "${org_host}")
        for value, replacement in self.stand_ins.items():
            known.stand_in(value, replacement, private=self.making.user_data == "scrubbed")
        for name, value in self._named_values(decoded):
            self._learn(known, name, value)
        return known

    def _learn(self, known: KnownValues, name: str, value: str) -> None:
        if name in rules.KEY_FIELDS:
            known.numbered(rules.KEY_FIELDS[name], value)
        elif name in rules.SECRETS:
            known.secret(rules.SECRETS[name], value)
        elif name in rules.IDS:
            known.identifier(value)
        elif self.making.user_data == "scrubbed" and name in (*rules.PERSONAL, "sub"):
            replacement = subject(value) if name == "sub" else rules.PERSONAL[name]
            known.stand_in(value, replacement, private=name in _PRIVATE)

    def _named_values(self, decoded: Mapping[str, Token]) -> Iterator[tuple[str, str]]:
        yield from _texts_in("", dict(self.jwks))
        for token in decoded.values():
            yield from _texts_in("", token.header)
            yield from _texts_in("", token.payload)
        for exchange in self.exchanges:
            for line in exchange.set_cookies:
                value = line.partition(";")[0].partition("=")[2].strip('"')
                if len(value) >= _SHORTEST_COOKIE:
                    yield "cookie", value
            yield from _texts_in("", exchange.query)
            yield from _texts_in("", parameters_of(exchange.location or ""))
            for body in (exchange.request_body(), exchange.response_body()):
                if not isinstance(body, str) and not exchange.step.startswith("discovery"):
                    yield from _texts_in("", body)


def _texts_in(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for each, inner in value.items():
            yield from _texts_in(each, inner)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(name, each)
    elif isinstance(value, str) and value:
        yield name, value


def _decoded(token: str) -> Token | None:
    """Read a JWT without verifying it; None if it is not a JWT."""
    try:
        read = jwt.decode_complete(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return None
    return Token(header=read["header"], payload=read["payload"])


def _instant(decoded: Mapping[str, Token]) -> datetime:
    """Return when the tokens were issued, by the org's clock; otherwise the machine's time."""
    issued = [token.payload["iat"] for token in decoded.values() if "iat" in token.payload]
    return datetime.fromtimestamp(issued[0], UTC) if issued else datetime.now(UTC)

"""Somebody who signs in by remediations, as okta-auth-js does: follows each form's own href."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.idx.shapes import assert_keeps_the_rules, resolved
from tests.visiting import APP, CALLBACK, CHALLENGE, SPA, VERIFIER, Answer, Visitor, js_value

_FROM_APP = {"Origin": APP}
_WITH_ACTIONS = (
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "authenticatorChallenge",
)
ION = "application/ion+json; okta-version=1.0.0"


@dataclass(frozen=True)
class Document:
    """An ION document, and the status it came with."""

    status: int
    body: Mapping[str, Any]

    @property
    def forms(self) -> list[Mapping[str, Any]]:
        """The remediations, the one of the screen first."""
        found: list[Mapping[str, Any]] = self.body.get("remediation", {}).get("value", [])
        return found

    @property
    def names(self) -> list[str]:
        """The names of the remediations."""
        return [form["name"] for form in self.forms]

    @property
    def screen(self) -> str:
        """The name of the first remediation."""
        return self.names[0]

    @property
    def keys(self) -> list[str]:
        """The keys of all messages, above the form and at its fields."""
        return _keys(self.body.get("messages")) + _keys_in(
            self.forms[0]["value"] if self.forms else []
        )

    def form(self, name: str) -> Mapping[str, Any]:
        """Return the remediation or action of that name: of the list, the current one, the top."""
        for form in self.forms:
            if form["name"] == name:
                return form
        if name in self.body:
            return dict(self.body[name])
        for part in _WITH_ACTIONS:
            for action in self.body.get(part, {}).get("value", {}).values():
                if isinstance(action, dict) and action.get("name") == name:
                    return action
        raise KeyError(name)

    def field(self, form: str, *path: str) -> Mapping[str, Any]:
        """Return a field of a form, by the names on the way to it."""
        fields = self.form(form)["value"]
        for name in path:
            found = next(each for each in fields if each["name"] == name)
            fields = found.get("form", {}).get("value", [])
        return dict(found)

    @property
    def options(self) -> list[str]:
        """The keys of the authenticators that may be chosen."""
        form = next(f for f in self.forms if f["name"].startswith("select-authenticator"))
        (choice,) = (each for each in form["value"] if each["name"] == "authenticator")
        return [resolved(self.body, option["relatesTo"])["key"] for option in choice["options"]]

    @property
    def current(self) -> Mapping[str, Any]:
        """The authenticator that the screen is about."""
        for part in ("currentAuthenticator", "currentAuthenticatorEnrollment"):
            if part in self.body:
                return dict(self.body[part]["value"])
        raise AssertionError("the document has no current authenticator")

    @property
    def interaction_code(self) -> str:
        """The code that a sign-in ended with."""
        fields = self.body["successWithInteractionCode"]["value"]
        return str(next(f["value"] for f in fields if f["name"] == "interaction_code"))


def _keys(messages: Mapping[str, Any] | None) -> list[str]:
    return [] if messages is None else [each["i18n"]["key"] for each in messages["value"]]


def _keys_in(fields: list[Mapping[str, Any]]) -> list[str]:
    found = []
    for each in fields:
        found += _keys(each.get("messages"))
        found += _keys_in(each.get("form", {}).get("value", []))
    return found


@dataclass
class Following:
    """Follows forms; `document` is the last one that came."""

    visitor: Visitor
    seen: list[Document] = field(default_factory=list)

    @property
    def document(self) -> Document:
        """The last document that came."""
        return self.seen[-1]

    async def begin(self, *, server: str = "default", **changes: str) -> Document:
        """Begin a sign-in as an app does that embeds the widget."""
        handle = await self.interact(server=server, **changes)
        return await self.introspect(interactionHandle=handle)

    async def interact(self, *, server: str = "default", **changes: str) -> str:
        """Return an interaction handle."""
        asked = {
            "client_id": SPA,
            "scope": "openid email",
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "the-state",
            "nonce": "the-nonce",
        } | changes
        answer = await self.visitor.post("interact", asked, server=server, headers=_FROM_APP)
        assert answer.status == 200, answer.text
        return str(answer.json()["interaction_handle"])

    async def hosted(self, page: str) -> str:
        """Return the state token that one of the org's own pages gives the widget."""
        return self.state_token_of(await self.visitor.ask("GET", page))

    def state_token_of(self, answer: Answer) -> str:
        """Return the state token that a page gives the widget."""
        (escaped,) = re.findall(r"stateToken: '(.*)',\n", answer.text)
        return js_value(escaped)

    async def introspect(self, **handle: str) -> Document:
        """Ask where a handle's transaction stands."""
        return await self.post("/idp/idx/introspect", handle)

    async def post(self, path: str, body: Mapping[str, Any]) -> Document:
        """Post a body and keep the document that comes."""
        answer = await self.visitor.ask(
            "POST", path, json=body, headers=_FROM_APP | {"Accept": ION}
        )
        assert answer.headers["Content-Type"] == ION, answer.text
        document = Document(answer.status, json.loads(answer.body))
        assert_keeps_the_rules(document.body)
        self.seen.append(document)
        return document

    async def take(self, name: str, **values: Any) -> Document:
        """Fill in a form of the last document and post it, its constants with it."""
        form = self.document.form(name)
        constants = {
            each["name"]: each["value"] for each in form["value"] if each.get("mutable") is False
        }
        return await self.post(form["href"], constants | values)

    async def sign_in(self, login: str, password: str) -> Document:
        """Take the first form with both."""
        return await self.take("identify", identifier=login, credentials={"passcode": password})

    async def choose(self, key: str, **more: str) -> Document:
        """Choose an authenticator from the list."""
        form = next(f for f in self.document.forms if f["name"].startswith("select-authenticator"))
        (choice,) = (each for each in form["value"] if each["name"] == "authenticator")
        for option in choice["options"]:
            if resolved(self.document.body, option["relatesTo"])["key"] == key:
                posted = {
                    each["name"]: each["value"]
                    for each in option["value"]["form"]["value"]
                    if each.get("required") and each.get("mutable") is False
                }
                return await self.take(form["name"], authenticator=posted | more)
        raise AssertionError(f"{key} is not offered")

    async def tokens(self, document: Document | None = None) -> Mapping[str, Any]:
        """Redeem the interaction code."""
        return await self.redeemed((document or self.document).interaction_code)

    async def redeemed(self, code: str) -> Mapping[str, Any]:
        """Redeem an interaction code."""
        answer = await self.visitor.post(
            "token",
            {
                "grant_type": "interaction_code",
                "interaction_code": code,
                "client_id": SPA,
                "redirect_uri": CALLBACK,
                "code_verifier": VERIFIER,
            },
            headers=_FROM_APP,
        )
        assert answer.status == 200, answer.text
        return dict(answer.json())

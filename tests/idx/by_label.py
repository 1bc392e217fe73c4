"""A client on a server that knows authenticators by their labels, as okta-idx-golang does.

It keeps nothing but the interaction handle: each step introspects it anew, fills in what the form
has, and goes on. Read in the SDK's source, not run with it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.idx.enrolling import Enrolling
from tests.idx.following import ION, Document
from tests.visiting import CALLBACK, CHALLENGE, SECRET, VERIFIER, WEB

AUTHENTICATE, ENROLL = "select-authenticator-authenticate", "select-authenticator-enroll"
Body = dict[str, Any]


@dataclass
class ByLabel(Enrolling):
    """Signs in, signs up and recovers from a server, for a confidential client."""

    handle: str = ""

    async def open(self) -> Document:
        """Begin: the SDK sends neither nonce nor secret."""
        asked = {
            "client_id": WEB,
            "scope": "openid profile",
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "the-state",
        }
        answer = await self.visitor.post("interact", asked)
        assert answer.status == 200, answer.text
        self.handle = str(answer.json()["interaction_handle"])
        return await self.where()

    async def where(self) -> Document:
        """Ask where the interaction stands."""
        return await self.introspect(interactionHandle=self.handle)

    async def post(self, path: str, body: Mapping[str, Any]) -> Document:
        """Post a body without an origin."""
        answer = await self.visitor.ask("POST", path, json=body)
        assert answer.headers["Content-Type"] == ION, answer.text
        document = Document(answer.status, json.loads(answer.body))
        assert document.status == 200, document.body
        assert "remediation" not in document.body or "cancel" in document.body
        self.seen.append(document)
        return document

    async def fill(self, name: str, **given: Any) -> Document:
        """Fill in a form with what it asks for, and post it."""
        form = self.document.form(name)
        return await self.post(form["href"], filled(form["value"], given))

    async def pick(self, name: str, label: str, **more: str) -> Document:
        """Choose an authenticator by its label, where the interaction stands."""
        await self.where()
        return await self.picked(name, label, **more)

    async def picked(self, name: str, label: str, **more: str) -> Document:
        """Choose an authenticator by its label from the document at hand."""
        option = self.labelled(name)[label]
        id_ = option["value"]["form"]["value"][0]
        assert id_["name"] == "id"
        chosen = filled(option["value"]["form"]["value"], {"id": id_["value"]} | more)
        handle = filled(self.document.form(name)["value"][-1:], {})
        return await self.post(self.document.form(name)["href"], handle | {"authenticator": chosen})

    def labelled(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The options of a list by their labels; none where there is no list."""
        if name not in self.document.names:
            return {}
        choice = self.document.field(name, "authenticator")
        assert choice["type"] == "object"
        return {str(each["label"]): each for each in choice["options"]}

    async def recover(self) -> Document:
        """Say that the password is forgotten: of the authenticator at hand, or of the password."""
        if "currentAuthenticatorEnrollment" not in self.document.body:
            await self.picked(AUTHENTICATE, "Password")
        return await self.fill("recover")

    async def confirm(self, name: str, passcode: str) -> Document:
        """Give a passcode or password where the interaction stands."""
        await self.where()
        return await self.fill(name, credentials={"passcode": passcode})

    async def exchanged(self, *, in_query: bool = False) -> Mapping[str, Any]:
        """Redeem the code with the fields of the answer alone; no redirect URI is among them."""
        form = self.document.body["successWithInteractionCode"]
        assert form["accepts"] == "application/x-www-form-urlencoded"
        given = {"client_secret": SECRET, "code_verifier": VERIFIER}
        fields = urlencode(filled(form["value"], given))
        query, body = (f"?{fields}", "") if in_query else ("", fields)
        answer = await self.visitor.ask(
            form["method"],
            form["href"] + query,
            data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 200, answer.text
        return dict(answer.json())


def filled(fields: Iterable[Mapping[str, Any]], given: Mapping[str, Any]) -> Body:
    """Return the constants of the fields, and what is given for the others."""
    body: Body = {}
    for each in fields:
        name = each["name"]
        if each.get("value"):
            body[name] = each["value"]
        elif "options" in each:
            assert given[name] in [option["value"] for option in each["options"]]
            body[name] = given[name]
        elif name not in given:
            assert not each.get("required"), name
        elif "form" in each:
            body[name] = filled(each["form"]["value"], given[name])
        else:
            body[name] = given[name]
    return body

"""Somebody who recovers: an org that lets them, what it sends, and how many at once."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.idx.following import ION, Document, Following
from tests.visiting import APP, LOGIN, OTHER_LOGIN, PASSWORD, USER_ID, Visitor

NEW_PASSWORD, WEAK = "Other-Pass-2", "short"
PHONE = "+14155556688"
SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
EMAIL = {"factor": "okta_email"}
ANSWER = "beetroot"
ASKS = {"recovery": {"asks_question": True}}
QUESTION = {"question": "disliked_food", "answer": ANSWER}
BY_EMAIL = {"recovery": {"factors": ["EMAIL"]}}
LINK_ASKS = {"key": "okta_email", "settings": {"link_asks_consent": True}}
ANY_FACTOR = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
SHOWN = {"lockout": {"max_attempts": 2, "show_lockout_failures": True}}
HIDDEN = {"lockout": {"max_attempts": 2, "show_lockout_failures": False}}
CALLERS = 64

Body = dict[str, Any]


@dataclass
class Recovering(Following):
    """A user with factors of theirs, who forgot a password or is locked out."""

    async def seed(
        self,
        *factors: Mapping[str, Any],
        passwords: Mapping[str, Any] | None = None,
        of_group: Mapping[str, Any] | None = None,
        rule: Mapping[str, Any] | None = None,
        **user: Any,
    ) -> None:
        """Have this user, this password policy and this sign-on rule, and another user.

        `of_group`: a password policy for the group `Guarded` alone.
        """
        known = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "profile": {"email": LOGIN}}
        other = {"login": OTHER_LOGIN, "password": PASSWORD, "profile": {"email": OTHER_LOGIN}}
        guarded = [] if of_group is None else [{"groups": ["Guarded"]} | of_group]
        document = {
            "users": [known | {"factors": factors} | user, other],
            "password_policies": [*guarded, {"name": "All"} | (passwords or {})],
            "sign_on_policies": [{"rules": [rule or {}]}],
        }
        answer = await self.visitor.ask("PUT", "/_mock/seed", json=document)
        assert answer.status == 200, answer.text

    async def outbox(self) -> list[Body]:
        """All messages."""
        return list((await self.visitor.ask("GET", "/_mock/outbox")).json()["messages"])

    async def passcode(self) -> str:
        """The passcode that was sent last."""
        return str((await self.outbox())[-1]["passcode"])

    async def link(self) -> str:
        """The link that was sent last."""
        message = (await self.outbox())[-1]
        assert message["link"] in message["text"]
        return str(message["link"])

    async def change(self, verb: str) -> Body:
        """Change the user as an administrator does."""
        answer = await self.visitor.ask("POST", f"/_mock/users/{LOGIN}/lifecycle/{verb}")
        assert answer.status == 200, answer.text
        return dict(answer.json())

    async def status(self, login: str = LOGIN) -> str:
        """The user's status, as the org has it."""
        users = (await self.visitor.ask("GET", "/_mock/org")).json()["users"]
        return next(str(each["status"]) for each in users if each["login"] == login)

    async def is_password(self, password: str) -> bool:
        """Try the password in a sign-in of its own."""
        body = {"username": LOGIN, "password": password}
        answer = await self.visitor.ask("POST", "/api/v1/authn", json=body)
        return answer.status == 200 and answer.json()["status"] != "LOCKED_OUT"

    async def lock(self) -> None:
        """Try wrong passwords until the user is locked out."""
        for _ in range(2):
            assert not await self.is_password("wrong")
        assert await self.status() == "LOCKED_OUT"

    async def forget(self, login: str = LOGIN) -> Document:
        """Begin a sign-in, and say there whose password is forgotten."""
        await self.begin()
        await self.take("recover")
        return await self.take("identify-recovery", identifier=login)

    async def by(self, method: str) -> Document:
        """Have a passcode sent by that method of the authenticator that is asked."""
        form = "authenticator-verification-data"
        fields = self.document.field(form, "authenticator")["form"]["value"]
        chosen = {each["name"]: each["value"] for each in fields if each.get("mutable") is False}
        return await self.take(form, authenticator=chosen | {"methodType": method})

    async def prove(self, passcode: str | None = None) -> Document:
        """Give a passcode in the form that is shown, the one that was sent last unless given."""
        given = await self.passcode() if passcode is None else passcode
        return await self.take(self.document.screen, credentials={"passcode": given})

    async def proved_by_email(self) -> Document:
        """Prove the address of somebody who may recover by nothing else."""
        await self.by("email")
        return await self.prove()

    async def unlock(self, key: str = "okta_email", login: str = LOGIN, **more: str) -> Document:
        """Ask for a proof that unlocks the account."""
        await self.begin()
        await self.take("unlock-account")
        return await self.choose(key, identifier=login, **more)

    async def choose(self, key: str, *, identifier: str | None = None, **more: str) -> Document:
        """Choose an authenticator; where the list asks for the name too, that one."""
        if identifier is None:
            return await super().choose(key, **more)
        document = self.document
        options = document.field("select-authenticator-unlock-account", "authenticator")["options"]
        option = options[document.options.index(key)]
        fields = option["value"]["form"]["value"]
        chosen = {
            each["name"]: each["value"]
            for each in fields
            if each.get("required") and each.get("mutable") is False
        }
        name = "select-authenticator-unlock-account"
        return await self.take(name, identifier=identifier, authenticator=chosen | more)

    async def set_password(
        self, password: str = NEW_PASSWORD, form: str = "reset-authenticator", **more: Any
    ) -> Document:
        """Give a new password."""
        return await self.take(form, credentials={"passcode": password} | more)

    async def at_once(self, *bodies: tuple[str, Mapping[str, Any]]) -> list[Document]:
        """Post all at once, each on a connection of its own, with the document's state handle."""
        handle = {"stateHandle": self.document.body["stateHandle"]}

        async def post(path: str, body: Mapping[str, Any]) -> Document:
            answer = await self.visitor.ask(
                "POST",
                f"/idp/idx/{path}",
                json=handle | body,
                headers={"Origin": APP, "Accept": ION},
            )
            assert answer.status < 500, answer.text
            return Document(answer.status, json.loads(answer.body))

        return list(await asyncio.gather(*(post(path, body) for path, body in bodies)))

    async def open(self, link: str, visitor: Visitor | None = None, **headers: str) -> Document:
        """Open a magic link; return the document of the page that it leads to."""
        answer = await (visitor or self.visitor).ask("GET", link, headers=headers)
        org, _, token = answer.location.rpartition("/signin/refresh-auth-state/")
        assert org == self.visitor.org.url
        shown = Following(visitor or self.visitor)
        return await shown.introspect(stateToken=token.partition("?")[0])


def shape(document: Document, name: str) -> str:
    """A form in short: each field with `!` required, `=` constant, `*` secret, `?` hidden."""
    return " ".join(_short(each) for each in document.form(name)["value"])


def _short(field: Mapping[str, Any]) -> str:
    flags = "!" * bool(field.get("required")) + "=" * (field.get("mutable") is False)
    flags += "*" * bool(field.get("secret")) + "?" * (field.get("visible") is False)
    if "form" in field:
        return f"{field['name']}{flags}({' '.join(map(_short, field['form']['value']))})"
    options = field.get("options", [])
    if options and isinstance(options[0]["value"], Mapping):
        forms = [" ".join(map(_short, o["value"]["form"]["value"])) for o in options]
        return f"{field['name']}{flags}({' | '.join(forms)})"
    return f"{field['name']}{flags}" + "#" * bool(options)

"""Somebody who enrols authenticators: an org that offers them, and the shape of documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.idx.following import Document, Following
from tests.visiting import LOGIN, PASSWORD, USER_ID

PHONE = "+14155556688"
NAMES = {"firstName": "Test", "lastName": "User", "email": LOGIN}
Body = dict[str, Any]


@dataclass
class Enrolling(Following):
    """Signs in as a user of an org that has them enrol something."""

    async def seed(
        self,
        *factors: Mapping[str, Any],
        required: tuple[str, ...] = (),
        optional: tuple[str, ...] = (),
        password: str = PASSWORD,
        **rule: Any,
    ) -> None:
        """Have a user with these factors, and policies; without more, no factor is asked for."""
        user = {"login": LOGIN, "password": password, "id": USER_ID, "profile": NAMES}
        document = {
            "users": [user | {"factors": factors}],
            "sign_on_policies": [{"rules": [{"require_factor": False} | rule]}],
            "enrollment_policies": [{"required": required, "optional": optional}],
        }
        answer = await self.visitor.ask("PUT", "/_mock/seed", json=document)
        assert answer.status == 200, answer.text

    async def change(self, **rule: Any) -> None:
        """Have another sign-on rule in place of the one there is."""
        document = {"sign_on_policies": [{"rules": [{"require_factor": False} | rule]}]}
        answer = await self.visitor.ask("PUT", "/_mock/seed", json=document)
        assert answer.status == 200, answer.text

    async def start(self) -> Document:
        """Sign in with the password."""
        await self.begin()
        return await self.sign_in(LOGIN, PASSWORD)

    async def offered(self, *optional: str, required: tuple[str, ...] = ()) -> Document:
        """Sign in where these factors may be enrolled, or must be."""
        await self.seed(optional=optional, required=required)
        document = await self.start()
        assert document.screen == "select-authenticator-enroll", document.body
        return document

    async def answer(self, **credentials: str) -> Document:
        """Give what proves that it works."""
        return await self.take("enroll-authenticator", credentials=credentials)

    async def by_phone(self, method: str = "sms", **more: str) -> Document:
        """Choose the phone, and give its number."""
        await self.choose("phone_number")
        id_ = self.document.field("authenticator-enrollment-data", "authenticator", "id")["value"]
        given = {"id": id_, "methodType": method, "phoneNumber": PHONE} | more
        return await self.take("authenticator-enrollment-data", authenticator=given)

    async def outbox(self) -> list[Body]:
        return list((await self.visitor.ask("GET", "/_mock/outbox")).json()["messages"])

    async def passcode(self) -> str:
        """The passcode that was sent last."""
        return str((await self.outbox())[-1]["passcode"])

    async def factors(self) -> dict[str, Body]:
        """The user's factors by kind, as `/_mock` has them."""
        users = (await self.visitor.ask("GET", "/_mock/org")).json()["users"]
        (user,) = [each for each in users if each["login"] == LOGIN]
        return {each["factor"]: each for each in user["factors"]}


def shape(fields: list[Mapping[str, Any]]) -> list[str]:
    """The fields of a form in short: `name`, `!` required, `=` constant, `?` hidden, nested ones.

    `#` stands for a list of values to choose from; alternatives are divided by `|`.
    """
    return [_short(each) for each in fields if each["name"] != "stateHandle"]


def _short(field: Mapping[str, Any]) -> str:
    flags = "!" * bool(field.get("required"))
    flags += "=" * (field.get("mutable") is False) + "?" * (field.get("visible") is False)
    flags += "*" * bool(field.get("secret"))
    nested = field.get("form") or (field.get("value") or {} if field["name"] else {})
    if isinstance(nested, Mapping) and "form" in nested:
        nested = nested["form"]
    if isinstance(nested, Mapping) and "value" in nested:
        return f"{field['name']}{flags}({' '.join(shape(nested['value']))})"
    options = field.get("options", [])
    if options and isinstance(options[0]["value"], Mapping):
        forms = [" ".join(shape(each["value"]["form"]["value"])) for each in options]
        return f"{field['name']}{flags}({' | '.join(forms)})"
    return f"{field['name']}{flags}" + "#" * bool(options)

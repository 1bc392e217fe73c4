"""Somebody at `/api/v1/authn` who has factors, or enrols them; and the shape of bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.authn.signing import Signing
from tests.visiting import LOGIN, PASSWORD, USER_ID, Answer

PHONE = "+14155556688"
NAMES = {"firstName": "Test", "lastName": "User", "email": "tester@example.com"}
SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
EMAIL = {"factor": "okta_email"}
PUSH = {"factor": "okta_push"}
QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"}
GOOGLE, OKTA = {"factor": "google_otp"}, {"factor": "okta_otp"}

Body = dict[str, Any]
HEAD = ["stateToken", "expiresAt", "status"]
FACTOR = ["id", "factorType", "provider", "vendorName"]


@dataclass(frozen=True)
class Proving(Signing):
    """A caller who is followed from the password to the factor; only what succeeds goes on."""

    async def seed(
        self,
        *factors: Mapping[str, Any],
        enrollment: Mapping[str, Any] | None = None,
        lockout: Mapping[str, Any] | None = None,
        profile: Mapping[str, Any] = NAMES,
        **rule: Any,
    ) -> None:
        """Have a user with these factors, of whom one is asked for; the rest by policy."""
        user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "profile": profile}
        document = {
            "users": [user | {"factors": factors}],
            "sign_on_policies": [{"rules": [{"require_factor": True} | rule]}],
            "enrollment_policies": [enrollment or {}],
            "password_policies": [{"lockout": lockout or {}}],
        }
        answer = await self.visitor.ask("PUT", "/_mock/seed", json=document)
        assert answer.status == 200, answer.text

    async def start(self, **options: bool) -> Body:
        """Prove the password."""
        answer = await self.sign_in(**options)
        assert answer.status == 200, answer.text
        return dict(answer.json())

    async def go(self, state: Mapping[str, Any], rel: str = "next", **body: Any) -> Body:
        """Follow a link that leads on."""
        answer = await self.follow(state, rel, **body)
        assert answer.status == 200, answer.text
        return dict(answer.json())

    async def follow_first(self, state: Mapping[str, Any], rel: str) -> Answer:
        """Follow the first of a list of links."""
        return await self.post(state["_links"][rel][0]["href"], stateToken=state["stateToken"])

    async def verify(self, state: Body, **body: Any) -> Answer:
        """Follow the `verify` link of the factor that the widget would show first."""
        (factor, *_) = state["_embedded"]["factors"]
        href = factor["_links"]["verify"]["href"]
        return await self.post(href, stateToken=state["stateToken"], **body)

    async def challenged(self, **options: bool) -> Body:
        """Sign in, and ask for the first factor's challenge as the widget does."""
        answer = await self.verify(await self.start(**options), passCode="")
        assert answer.status == 200, answer.text
        return dict(answer.json())

    async def enroll(
        self, state: Body, factor_type: str, provider: str = "OKTA", query: str = "", **body: Any
    ) -> Answer:
        """Enrol one of the factors that are offered."""
        (offer,) = [
            each
            for each in state["_embedded"]["factors"]
            if (each["factorType"], each["provider"]) == (factor_type, provider)
        ]
        words = {"factorType": factor_type, "provider": provider}
        href = offer["_links"]["enroll"]["href"] + query
        return await self.post(href, stateToken=state["stateToken"], **words, **body)

    async def enrolling(self, factor_type: str, provider: str = "OKTA", **body: Any) -> Body:
        """Sign in as somebody without factors, and begin to enrol this one."""
        answer = await self.enroll(await self.start(), factor_type, provider, **body)
        assert answer.status == 200, answer.text
        return dict(answer.json())

    async def messages(self, channel: str) -> list[Body]:
        return [each for each in await self.outbox() if each["channel"] == channel]

    async def sent(self, channel: str) -> str:
        """The passcode that was sent last."""
        return str((await self.messages(channel))[-1]["passcode"])

    async def factors(self) -> dict[str, Body]:
        """The user's factors by kind, as `/_mock` has them: secrets too."""
        users = (await self.visitor.ask("GET", "/_mock/org")).json()["users"]
        (user,) = [each for each in users if each["login"] == LOGIN]
        return {each["factor"]: each for each in user["factors"]}


def embedded_factor(state: Body) -> Body:
    return dict(state["_embedded"]["factor"])


def links(state: Body) -> dict[str, Any]:
    """The names of a state's links, by relation: what a client would call."""
    return {
        rel: [each["name"] for each in link] if isinstance(link, list) else link.get("name")
        for rel, link in state["_links"].items()
    }

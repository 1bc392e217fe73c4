"""Somebody at `/api/v1/authn` over real HTTP, who follows the links of each state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_okta import MockOkta
from tests.visiting import Answer, Visitor

AUTHN = "/api/v1/authn"
LOGIN, PASSWORD, NEW_PASSWORD = "tester@example.com", "mock-Password-1", "Other-Pass-2"
API_TOKEN = "00token-of-a-trusted-app"


@dataclass(frozen=True)
class Signing:
    """A caller of the state machine; every method gives the answer as it came."""

    visitor: Visitor

    @property
    def org(self) -> MockOkta:
        return self.visitor.org

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> Answer:
        return await self.visitor.ask("POST", path, json=body, headers=dict(headers or {}))

    async def sign_in(
        self, login: str = LOGIN, password: str = PASSWORD, **options: bool
    ) -> Answer:
        return await self.post(AUTHN, username=login, password=password, options=options)

    async def follow(self, state: Mapping[str, Any], rel: str = "next", **body: Any) -> Answer:
        """Follow a link of a state, with its state token."""
        return await self.post(state["_links"][rel]["href"], stateToken=state["stateToken"], **body)

    async def recover(
        self, what: str = "password", login: str = LOGIN, factor: str | None = "EMAIL", **more: Any
    ) -> Answer:
        """Begin to recover a password, or to unlock; by an API token if no factor is named."""
        if factor is None:
            more["headers"] = {"Authorization": f"SSWS {API_TOKEN}"}
        else:
            more["factorType"] = factor
        return await self.post(f"{AUTHN}/recovery/{what}", username=login, **more)

    async def redeem(self, token: str) -> Answer:
        return await self.post(f"{AUTHN}/recovery/token", recoveryToken=token)

    async def outbox(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.visitor.ask("GET", "/_mock/outbox")).json()[
            "messages"
        ]
        return messages

    async def link(self) -> str:
        """The link of the last message."""
        message = (await self.outbox())[-1]
        link: str = message["link"]
        assert link in message["text"]
        return link

    async def token(self) -> str:
        """The token of the last message's link."""
        return (await self.link()).rpartition("/")[2]

    async def passcode(self) -> str:
        """The passcode of the last message."""
        message = (await self.outbox())[-1]
        passcode: str = message["passcode"]
        assert passcode in message["text"]
        return passcode

    async def change(self, verb: str, login: str = LOGIN) -> Answer:
        """Change a user's status as an administrator does."""
        return await self.visitor.ask("POST", f"/_mock/users/{login}/lifecycle/{verb}")

    async def status(self, login: str = LOGIN) -> str:
        """The user's status, as the org has it."""
        users = (await self.visitor.ask("GET", "/_mock/org")).json()["users"]
        return next(user["status"] for user in users if user["login"] == login)


def error_of(answer: Answer) -> tuple[int, str, list[str]]:
    """Status, code and causes of a refusal, whose shape is Okta's."""
    body = answer.json()
    assert list(body) == ["errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"]
    assert body["errorLink"] == body["errorCode"]
    causes = [cause["errorSummary"] for cause in body["errorCauses"]]
    return answer.status, body["errorCode"], causes

"""Push requests to Okta Verify, which the tester answers in the device's place."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.factors import PushAnswer, PushRequest
from mock_okta.model.failures import NotWaiting
from mock_okta.storage import Storage

__all__ = ["PUSH_LIFETIME", "Pushes"]

PUSH_LIFETIME = timedelta(minutes=5)


class Pushes(Struct, frozen=True, kw_only=True):
    """Keeps what devices were asked, and what was answered there."""

    storage: Storage
    clock: Clock

    async def ask(self, request: PushRequest) -> None:
        """Ask the device; what it was asked before for that factor it forgets."""
        await self.storage.push_requests.remove_by("factor_id", request.factor_id)
        await self.storage.push_requests.put(request.id, request)

    async def get(self, request_id: str) -> PushRequest | None:
        """Return the request as it stands now."""
        request = await self.storage.push_requests.get(request_id)
        return None if request is None else self._as_it_stands(request)

    async def all(self, user_id: str | None = None) -> Sequence[PushRequest]:
        """Return all requests, or a user's, oldest first."""
        kept = self.storage.push_requests
        requests = await (kept.values() if user_id is None else kept.all_by("user_id", user_id))
        return [self._as_it_stands(each) for each in requests]

    async def answer(
        self, request_id: str, *, approves: bool, number: int | None
    ) -> PushRequest | None:
        """Answer in the device's place; None if there is no such request, raises NotWaiting.

        A number that is not the one that the sign-in shows rejects; without one, the right number
        is picked.
        """

        def answered(kept: PushRequest) -> PushRequest:
            standing = self._as_it_stands(kept)
            if standing.answer is not PushAnswer.WAITING:
                raise NotWaiting(standing.answer)
            is_right = number is None or number == kept.number
            answer = PushAnswer.APPROVED if approves and is_right else PushAnswer.REJECTED
            return msgspec.structs.replace(kept, answer=answer)

        return await self.storage.push_requests.update(request_id, answered)

    def _as_it_stands(self, request: PushRequest) -> PushRequest:
        is_late = request.ends_at <= self.clock.now()
        if request.answer is PushAnswer.WAITING and is_late:
            return msgspec.structs.replace(request, answer=PushAnswer.TIMEOUT)
        return request

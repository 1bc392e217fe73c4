"""Push requests to Okta Verify; a test answers them instead of a device."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from mock_okta.model.factors import PushAnswer, PushRequest
from mock_okta.model.failures import NotWaiting
from mock_okta.services.world import World

__all__ = ["PUSH_LIFETIME", "Pushes"]

PUSH_LIFETIME = timedelta(minutes=5)


class Pushes(Struct, frozen=True, kw_only=True):
    """Keeps push requests and their answers."""

    world: World

    async def ask(self, request: PushRequest) -> None:
        """Store a request, in place of an earlier one for the same factor."""
        await self.world.storage.push_requests.remove_by("factor_id", request.factor_id)
        await self.world.storage.push_requests.put(request.id, request)

    async def get(self, request_id: str) -> PushRequest | None:
        """Return the request as it is now; None if there is none."""
        request = await self.world.storage.push_requests.get(request_id)
        return None if request is None else self._as_it_stands(request)

    async def all(self, user_id: str | None = None) -> Sequence[PushRequest]:
        """Return all requests, or a user's, oldest first."""
        kept = self.world.storage.push_requests
        requests = await (kept.values() if user_id is None else kept.all_by("user_id", user_id))
        return [self._as_it_stands(each) for each in requests]

    async def answer(
        self, request_id: str, *, approves: bool, number: int | None
    ) -> PushRequest | None:
        """Answer the request, as the device would; return None if there is no such request.

        A number that differs from the one that the sign-in shows rejects the request; None picks
        the right one. Raises NotWaiting if the request was answered or has timed out.
        """

        def answered(kept: PushRequest) -> PushRequest:
            standing = self._as_it_stands(kept)
            if standing.answer is not PushAnswer.WAITING:
                raise NotWaiting(standing.answer)
            is_right = number is None or number == kept.number
            answer = PushAnswer.APPROVED if approves and is_right else PushAnswer.REJECTED
            return msgspec.structs.replace(kept, answer=answer)

        return await self.world.storage.push_requests.update(request_id, answered)

    def _as_it_stands(self, request: PushRequest) -> PushRequest:
        is_late = request.ends_at <= self.world.clock.now()
        if request.answer is PushAnswer.WAITING and is_late:
            return msgspec.structs.replace(request, answer=PushAnswer.TIMEOUT)
        return request

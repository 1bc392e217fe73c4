"""What every storage backend promises, as one suite; a backend's file only makes the storage."""

import asyncio
from datetime import timedelta

import pytest

from mock_okta import Clock
from mock_okta.domain.records import Revocation, SessionToken
from mock_okta.storage import Storage

CALLERS = 64


class StorageConformance:
    """Inherit it, and give a fixture `storage` that is empty and goes by the fixture `clock`."""

    @pytest.fixture
    def clock(self) -> Clock:
        clock = Clock()
        clock.freeze()
        return clock

    def token(self, clock: Clock, *, user_id: str = "00u1", lives: float = 300) -> SessionToken:
        return SessionToken(
            user_id=user_id,
            amr=("pwd",),
            authenticated_at=clock.now(),
            expires_at=clock.now() + timedelta(seconds=lives),
        )

    # One record.

    async def test_nothing_is_under_a_key_that_nobody_used(self, storage: Storage) -> None:
        tokens = storage.session_tokens
        assert await tokens.get("a") is None
        assert await tokens.take("a") is None
        assert await tokens.update("a", lambda kept: kept) is None
        assert list(await tokens.values()) == []

    async def test_what_is_put_can_be_got_again_and_again(
        self, storage: Storage, clock: Clock
    ) -> None:
        token = self.token(clock)
        await storage.session_tokens.put("a", token)
        assert await storage.session_tokens.get("a") == token
        assert await storage.session_tokens.get("a") == token

    async def test_a_later_put_replaces_the_record(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        second = self.token(clock, user_id="00u2")
        await storage.session_tokens.put("a", second)
        assert list(await storage.session_tokens.values()) == [second]

    async def test_a_record_is_taken_once(self, storage: Storage, clock: Clock) -> None:
        token = self.token(clock)
        await storage.session_tokens.put("a", token)
        assert await storage.session_tokens.take("a") == token
        assert await storage.session_tokens.take("a") is None
        assert await storage.session_tokens.get("a") is None

    async def test_a_record_is_added_where_the_key_is_free(self, storage: Storage) -> None:
        assert await storage.user_ids.add("a", "first") is True
        assert await storage.user_ids.add("a", "second") is False
        assert await storage.user_ids.get("a") == "first"
        await storage.user_ids.take("a")
        assert await storage.user_ids.add("a", "third") is True

    async def test_an_update_replaces_the_record_by_what_the_change_returns(
        self, storage: Storage
    ) -> None:
        await storage.user_ids.put("a", "1")
        assert await storage.user_ids.update("a", lambda kept: kept + "2") == "12"
        assert await storage.user_ids.get("a") == "12"

    async def test_an_update_of_nothing_makes_nothing(self, storage: Storage) -> None:
        called: list[str] = []

        def change(kept: str) -> str:
            called.append(kept)
            return kept

        assert await storage.user_ids.update("a", change) is None
        assert called == []
        assert await storage.user_ids.get("a") is None

    async def test_a_change_that_fails_leaves_the_record_as_it_was(self, storage: Storage) -> None:
        def change(kept: str) -> str:
            raise ValueError(kept)

        await storage.user_ids.put("a", "1")
        with pytest.raises(ValueError, match="1"):
            await storage.user_ids.update("a", change)
        assert await storage.user_ids.get("a") == "1"

    @pytest.mark.parametrize("key", ["A", "a ", " a", "a/b", "a:b", "ä", "\u2028", "", 9000 * "k"])
    async def test_keys_are_taken_to_the_letter(self, storage: Storage, key: str) -> None:
        await storage.user_ids.put("a", "other")
        await storage.user_ids.put(key, "mine")
        assert await storage.user_ids.get(key) == "mine"
        assert await storage.user_ids.get("a") == "other"

    # Many callers at once.

    async def test_of_many_takers_at_once_one_gets_the_record(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        taken = await asyncio.gather(*(storage.session_tokens.take("a") for _ in range(CALLERS)))
        assert len([token for token in taken if token is not None]) == 1

    async def test_of_many_adders_at_once_one_is_let_in(self, storage: Storage) -> None:
        added = await asyncio.gather(
            *(storage.user_ids.add("a", str(number)) for number in range(CALLERS))
        )
        assert added.count(True) == 1
        assert await storage.user_ids.get("a") == str(added.index(True))

    async def test_of_many_updates_at_once_none_is_lost(self, storage: Storage) -> None:
        await storage.user_ids.put("a", "")
        await asyncio.gather(
            *(storage.user_ids.update("a", lambda kept: kept + "x") for _ in range(CALLERS))
        )
        assert await storage.user_ids.get("a") == CALLERS * "x"

    async def test_what_was_taken_meanwhile_is_not_brought_back_by_an_update(
        self, storage: Storage
    ) -> None:
        await storage.user_ids.put("a", "")
        acts = [storage.user_ids.take("a")]
        acts += [storage.user_ids.update("a", lambda kept: kept + "x") for _ in range(CALLERS)]
        await asyncio.gather(*acts)
        assert await storage.user_ids.get("a") is None

    # All records.

    async def test_the_records_that_are_meant_are_removed(
        self, storage: Storage, clock: Clock
    ) -> None:
        for key, user_id in (("a", "00u1"), ("b", "00u2"), ("c", "00u1")):
            await storage.session_tokens.put(key, self.token(clock, user_id=user_id))
        await storage.session_tokens.remove(lambda token: token.user_id == "00u1")
        assert [each.user_id for each in await storage.session_tokens.values()] == ["00u2"]
        assert await storage.session_tokens.get("a") is None

    async def test_records_are_in_the_order_in_which_their_keys_first_came(
        self, storage: Storage
    ) -> None:
        for key in ("c", "a", "b"):
            await storage.user_ids.put(key, key)
        await storage.user_ids.put("c", "c again")
        await storage.user_ids.update("a", lambda kept: kept + " changed")
        assert list(await storage.user_ids.values()) == ["c again", "a changed", "b"]
        await storage.user_ids.take("c")
        await storage.user_ids.put("c", "c anew")
        assert list(await storage.user_ids.values()) == ["a changed", "b", "c anew"]

    async def test_all_records_are_those_of_the_moment(self, storage: Storage) -> None:
        await storage.user_ids.put("a", "1")
        before = await storage.user_ids.values()
        await storage.user_ids.put("b", "2")
        assert list(before) == ["1"]

    async def test_collections_do_not_share_keys(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        assert await storage.sessions.get("a") is None
        assert await storage.authorization_codes.get("a") is None

    async def test_one_collection_is_cleared_alone(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        await storage.user_ids.put("a", "1")
        await storage.user_ids.clear()
        assert await storage.user_ids.get("a") is None
        assert await storage.session_tokens.get("a") is not None

    async def test_everything_is_forgotten_at_once(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        await storage.user_ids.put("a", "1")
        await storage.clear()
        assert await storage.session_tokens.get("a") is None
        assert list(await storage.user_ids.values()) == []

    # Going back.

    async def test_everything_is_again_what_it_was(self, storage: Storage, clock: Clock) -> None:
        first, second = self.token(clock), self.token(clock, user_id="00u2")
        await storage.session_tokens.put("kept", first)
        await storage.session_tokens.put("changed", first)
        await storage.user_ids.put("taken", "1")
        records = await storage.records()
        await storage.session_tokens.put("changed", second)
        await storage.session_tokens.put("new", second)
        await storage.user_ids.take("taken")
        await storage.known_devices.put("new", "new")
        await storage.restore(records)
        assert list(await storage.session_tokens.values()) == [first, first]
        assert await storage.session_tokens.get("new") is None
        assert await storage.user_ids.get("taken") == "1"
        assert list(await storage.known_devices.values()) == []

    async def test_one_may_go_back_again_and_again(self, storage: Storage) -> None:
        await storage.user_ids.put("a", "1")
        records = await storage.records()
        for _ in range(2):
            await storage.user_ids.update("a", lambda kept: kept + "x")
            await storage.user_ids.put("b", "2")
            await storage.user_ids.remove(lambda kept: kept == "2")
            await storage.user_ids.clear()
            await storage.restore(records)
            assert list(await storage.user_ids.values()) == ["1"]

    async def test_going_back_keeps_the_order(self, storage: Storage) -> None:
        for key in ("c", "a", "b"):
            await storage.user_ids.put(key, key)
        records = await storage.records()
        await storage.clear()
        await storage.restore(records)
        assert list(await storage.user_ids.values()) == ["c", "a", "b"]

    async def test_what_was_restored_is_swept_out_too(self, storage: Storage, clock: Clock) -> None:
        for number in range(1500):
            await storage.session_tokens.put(f"old {number}", self.token(clock, lives=1))
        await storage.restore(await storage.records())
        clock.advance(timedelta(seconds=2))
        for number in range(3000):
            await storage.session_tokens.put(f"new {number}", self.token(clock, lives=10_000))
        assert await storage.session_tokens.get("old 0") is None
        assert await storage.session_tokens.get("new 0") is not None

    # Expiry.

    async def test_until_it_expires_a_record_stays_however_many_come(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("long-lived", self.token(clock, lives=3600))
        for number in range(5000):
            await storage.session_tokens.put(f"short {number}", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=3599))
        for number in range(5000):
            await storage.session_tokens.put(f"later {number}", self.token(clock, lives=1))
        assert await storage.session_tokens.get("long-lived") is not None
        assert await storage.session_tokens.get("later 0") is not None

    async def test_what_never_expires_stays(self, storage: Storage, clock: Clock) -> None:
        for number in range(3000):
            await storage.user_ids.put(str(number), "00u1")
        clock.advance(timedelta(days=36500))
        await storage.user_ids.put("last", "00u1")
        assert len(await storage.user_ids.values()) == 3001

    async def test_expired_records_do_not_pile_up(self, storage: Storage, clock: Clock) -> None:
        for number in range(20_000):
            revocation = Revocation(expires_at=clock.now() + timedelta(seconds=100))
            await storage.revocations.put(str(number), revocation)
            clock.advance(timedelta(seconds=1))
        alive = 100
        assert len(await storage.revocations.values()) < 1024 + 2 * alive

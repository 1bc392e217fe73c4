"""What every storage promises of one record, also to many callers at once."""

import asyncio
from datetime import timedelta

import pytest

from mock_okta import Clock
from mock_okta.model.directory import Login
from mock_okta.model.sessions import SessionToken
from mock_okta.storage import Storage
from tests.storage.conforming import CALLERS, Conforming, marked, of, one_more


class RecordsConform(Conforming):
    """Records are put, got, changed and taken."""

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

    async def test_many_records_are_put_as_each_would_be(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.session_tokens
        await tokens.put("b", self.token(clock))
        await tokens.put("late", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=2))
        put = {key: self.token(clock, user_id=f"00u{key}") for key in ("late", "b", "a")}
        await tokens.put_many(list(put.items()))
        await tokens.put_many([])
        assert list(await tokens.values()) == [put["b"], put["late"], put["a"]]
        assert await tokens.one_by("user_id", "00ua") == put["a"]
        assert await tokens.get_many(["a", "late"]) == [put["a"], put["late"]]

    async def test_a_record_is_taken_once(self, storage: Storage, clock: Clock) -> None:
        token = self.token(clock)
        await storage.session_tokens.put("a", token)
        assert await storage.session_tokens.take("a") == token
        assert await storage.session_tokens.take("a") is None
        assert await storage.session_tokens.get("a") is None

    async def test_a_record_is_added_where_the_key_is_free(self, storage: Storage) -> None:
        assert await storage.logins.add("a", of("first")) is True
        assert await storage.logins.add("a", of("second")) is False
        assert await storage.logins.get("a") == of("first")
        await storage.logins.take("a")
        assert await storage.logins.add("a", of("third")) is True

    async def test_an_update_replaces_the_record_by_what_the_change_returns(
        self, storage: Storage
    ) -> None:
        await storage.logins.put("a", of("1"))
        assert await storage.logins.update("a", lambda kept: of(kept.user_id + "2")) == of("12")
        assert await storage.logins.get("a") == of("12")

    async def test_an_update_of_nothing_makes_nothing(self, storage: Storage) -> None:
        called: list[Login] = []

        def change(kept: Login) -> Login:
            called.append(kept)
            return kept

        assert await storage.logins.update("a", change) is None
        assert called == []
        assert await storage.logins.get("a") is None

    async def test_a_change_that_fails_leaves_the_record_as_it_was(self, storage: Storage) -> None:
        def change(kept: Login) -> Login:
            raise ValueError(kept.user_id)

        await storage.logins.put("a", of("1"))
        with pytest.raises(ValueError, match="1"):
            await storage.logins.update("a", change)
        assert await storage.logins.get("a") == of("1")

    async def test_many_records_are_got_in_the_order_of_their_keys(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.session_tokens
        first, second = self.token(clock), self.token(clock, user_id="00u2")
        await tokens.put("a", first)
        await tokens.put("b", second)
        await tokens.put("late", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=1))
        found = await tokens.get_many(["b", "none", "a", "late", "b"])
        assert list(found) == [second, None, first, None, second]
        assert list(await tokens.get_many([])) == []

    async def test_an_upsert_makes_the_record_or_changes_it(self, storage: Storage) -> None:
        def counted(kept: Login | None) -> Login:
            return of("1") if kept is None else marked(kept)

        assert await storage.logins.upsert("a", counted) == of("1")
        assert await storage.logins.upsert("a", counted) == of("1x")
        assert await storage.logins.get("a") == of("1x")

    async def test_an_upsert_that_fails_leaves_the_record_as_it_was(self, storage: Storage) -> None:
        def change(kept: Login | None) -> Login:
            raise ValueError(kept)

        await storage.logins.put("a", of("1"))
        for key in ("a", "b"):
            with pytest.raises(ValueError, match=r"None|1"):
                await storage.logins.upsert(key, change)
        assert await storage.logins.get("a") == of("1")
        assert await storage.logins.get("b") is None

    async def test_an_upsert_takes_an_expired_record_for_none(
        self, storage: Storage, clock: Clock
    ) -> None:
        fresh, seen = self.token(clock, user_id="00u2"), []

        def change(kept: SessionToken | None) -> SessionToken:
            seen.append(kept)
            return fresh

        await storage.session_tokens.put("a", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=1))
        assert await storage.session_tokens.upsert("a", change) == fresh
        assert set(seen) == {None}
        assert list(await storage.session_tokens.all_by("user_id", "00u1")) == []
        assert list(await storage.session_tokens.all_by("user_id", "00u2")) == [fresh]

    async def test_of_many_upserts_at_once_none_is_lost(self, storage: Storage) -> None:
        await asyncio.gather(*(storage.logins.upsert("a", one_more) for _ in range(CALLERS)))
        assert await storage.logins.get("a") == of(CALLERS * "x")

    @pytest.mark.parametrize("key", ["A", "a ", " a", "a/b", "a:b", "ä", "\u2028", "", 9000 * "k"])
    async def test_keys_are_taken_to_the_letter(self, storage: Storage, key: str) -> None:
        await storage.logins.put("a", of("other"))
        await storage.logins.put(key, of("mine"))
        assert await storage.logins.get(key) == of("mine")
        assert await storage.logins.get("a") == of("other")

    async def test_words_of_a_key_are_kept_apart(self, storage: Storage) -> None:
        keys = [("a", "b"), ("a b",), ("a", "b", ""), ("", "a", "b"), "a b", '["a","b"]']
        for number, key in enumerate(keys):
            await storage.logins.put(key, of(str(number)))
        found = [await storage.logins.get(key) for key in keys]
        assert found == [of(str(number)) for number in range(len(keys))]

    # Many callers at once.

    async def test_of_many_takers_at_once_one_gets_the_record(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        taken = await asyncio.gather(*(storage.session_tokens.take("a") for _ in range(CALLERS)))
        assert len([token for token in taken if token is not None]) == 1

    async def test_of_many_adders_at_once_one_is_let_in(self, storage: Storage) -> None:
        added = await asyncio.gather(
            *(storage.logins.add("a", of(str(number))) for number in range(CALLERS))
        )
        assert added.count(True) == 1
        assert await storage.logins.get("a") == of(str(added.index(True)))

    async def test_of_many_updates_at_once_none_is_lost(self, storage: Storage) -> None:
        await storage.logins.put("a", of(""))
        await asyncio.gather(*(storage.logins.update("a", marked) for _ in range(CALLERS)))
        assert await storage.logins.get("a") == of(CALLERS * "x")

    async def test_what_was_taken_meanwhile_is_not_brought_back_by_an_update(
        self, storage: Storage
    ) -> None:
        await storage.logins.put("a", of(""))
        acts = [storage.logins.take("a")]
        acts += [storage.logins.update("a", marked) for _ in range(CALLERS)]
        await asyncio.gather(*acts)
        assert await storage.logins.get("a") is None

"""What every storage promises of all records of a collection: indexes, order and removal."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from mock_okta import Clock
from mock_okta.model.directory import ApiToken
from mock_okta.storage import Storage
from tests.storage.conforming import Conforming, granted, of


class CollectionsConform(Conforming):
    """Records are found by their indexes, and have an order."""

    async def test_the_records_that_are_meant_are_removed(
        self, storage: Storage, clock: Clock
    ) -> None:
        for key, user_id in (("a", "00u1"), ("b", "00u2"), ("c", "00u1")):
            await storage.session_tokens.put(key, self.token(clock, user_id=user_id))
        await storage.session_tokens.remove_by("user_id", "00u1")
        assert [each.user_id for each in await storage.session_tokens.values()] == ["00u2"]
        assert await storage.session_tokens.get("a") is None

    async def test_records_are_found_and_removed_by_each_index(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.refresh_tokens
        for user_id in ("00u1", "00u2"):
            for client_id in ("0oa1", "0oa2"):
                family = f"oar {user_id} {client_id}"
                token = granted(family, user_id, client_id, at=clock.now())
                await tokens.put(token.family, token)
        of_user = [each.client_id for each in await tokens.all_by("user_id", "00u1")]
        assert of_user == ["0oa1", "0oa2"]
        first = await tokens.one_by("client_id", "0oa2")
        assert first is not None
        assert first.user_id == "00u1"
        await tokens.remove_by("user_at_client", ("00u1", "0oa1"))
        assert await tokens.one_by("user_at_client", ("00u1", "0oa1")) is None
        assert len(await tokens.values()) == 3
        await tokens.remove_by("client_id", "0oa2")
        assert [each.family for each in await tokens.values()] == ["oar 00u2 0oa1"]

    async def test_an_index_goes_by_what_the_record_says_now(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.session_tokens
        await tokens.put("a", self.token(clock, user_id="00u1"))
        await tokens.update("a", lambda _: self.token(clock, user_id="00u2"))
        assert list(await tokens.all_by("user_id", "00u1")) == []
        assert len(await tokens.all_by("user_id", "00u2")) == 1
        await tokens.put("a", self.token(clock, user_id="00u3"))
        await tokens.take("a")
        for user_id in ("00u1", "00u2", "00u3"):
            assert await tokens.one_by("user_id", user_id) is None

    async def test_an_index_that_the_table_lacks_is_a_mistake(self, storage: Storage) -> None:
        with pytest.raises(KeyError):
            await storage.logins.one_by("user_id", "00u1")
        with pytest.raises(KeyError):
            await storage.logins.remove_by("user_id", "00u1")

    async def test_what_has_no_value_for_an_index_is_not_in_it(self, storage: Storage) -> None:
        await storage.api_tokens.put("a", ApiToken(token="a", user_id=None))
        await storage.api_tokens.put("b", ApiToken(token="b", user_id="00u1"))
        found = await storage.api_tokens.all_by("user_id", "00u1")
        assert [each.token for each in found] == ["b"]
        await storage.api_tokens.remove_by("user_id", "00u1")
        assert len(await storage.api_tokens.values()) == 1

    async def test_records_are_in_the_order_in_which_their_keys_first_came(
        self, storage: Storage
    ) -> None:
        for key in ("c", "a", "b"):
            await storage.logins.put(key, of(key))
        await storage.logins.put("c", of("c again"))
        await storage.logins.update("a", lambda kept: of(kept.user_id + " changed"))
        assert list(await storage.logins.values()) == [of("c again"), of("a changed"), of("b")]
        await storage.logins.take("c")
        await storage.logins.put("c", of("c anew"))
        assert list(await storage.logins.values()) == [of("a changed"), of("b"), of("c anew")]

    async def test_all_records_are_those_of_the_moment(self, storage: Storage) -> None:
        await storage.logins.put("a", of("1"))
        before = await storage.logins.values()
        await storage.logins.put("b", of("2"))
        assert list(before) == [of("1")]

    async def test_collections_do_not_share_keys(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        assert await storage.sessions.get("a") is None
        assert await storage.authorization_codes.get("a") is None

    async def test_one_collection_is_cleared_alone(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        await storage.logins.put("a", of("1"))
        await storage.logins.clear()
        assert await storage.logins.get("a") is None
        assert await storage.session_tokens.get("a") is not None

    async def test_everything_is_forgotten_at_once(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        await storage.logins.put("a", of("1"))
        await storage.clear()
        assert await storage.session_tokens.get("a") is None
        assert list(await storage.logins.values()) == []

    async def test_an_index_keeps_the_order_when_records_change(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.session_tokens
        for key in "ab":
            await tokens.put(key, self.token(clock))
        await tokens.update("a", lambda kept: replace(kept, amr=("mfa",)))
        found = await tokens.all_by("user_id", "00u1")
        assert [token.amr for token in found] == [("mfa",), ("pwd",)]

    async def test_an_index_has_the_order_in_which_the_keys_came(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens = storage.session_tokens
        for key in "abc":
            await tokens.put(key, self.token(clock, lives=ord(key)))
        for user_id in ("00u2", "00u1"):
            await tokens.update("a", lambda kept: replace(kept, user_id=user_id))  # noqa: B023
        first = await tokens.get("a")
        assert first is not None
        assert (await tokens.all_by("user_id", "00u1"))[0] == first
        assert await tokens.one_by("user_id", "00u1") == first

    async def test_what_replaces_an_expired_record_comes_last(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens, late = storage.session_tokens, self.token(clock, lives=100)
        for key in "abc":
            await tokens.put(key, self.token(clock, lives=1))
        await tokens.put("d", late)
        clock.advance(timedelta(seconds=1))
        await tokens.put("a", replace(late, amr=("a",)))
        await tokens.add("b", replace(late, amr=("b",)))
        await tokens.upsert("c", lambda _: replace(late, amr=("c",)))
        order = [("pwd",), ("a",), ("b",), ("c",)]
        assert [each.amr for each in await tokens.values()] == order
        assert [each.amr for each in await tokens.all_by("user_id", "00u1")] == order

    async def test_many_records_are_found_and_removed_in_order(
        self, storage: Storage, clock: Clock
    ) -> None:
        many = [str(number) for number in range(2500)]
        tokens = storage.refresh_tokens
        await tokens.put_many([(each, granted(each, at=clock.now())) for each in many])
        await tokens.put("other", granted("other", client_id="0oa2", at=clock.now()))
        assert [each.family for each in await tokens.values()] == [*many, "other"]
        found = await tokens.all_by("client_id", "0oa1")
        assert [each.family for each in found] == many
        await tokens.remove_by("client_id", "0oa1")
        assert [each.family for each in await tokens.values()] == ["other"]
        assert await tokens.all_by("user_id", "00u1") == await tokens.values()

    async def test_many_records_are_cleared(self, storage: Storage, clock: Clock) -> None:
        many = [str(number) for number in range(2500)]
        tokens = storage.refresh_tokens
        await tokens.put_many([(each, granted(each, at=clock.now())) for each in many])
        await tokens.clear()
        assert list(await tokens.values()) == []
        assert await tokens.one_by("client_id", "0oa1") is None

    async def test_many_records_that_have_expired_are_gone_after_a_minute(
        self, storage: Storage, clock: Clock
    ) -> None:
        many = [str(number) for number in range(2500)]
        tokens = storage.refresh_tokens
        await tokens.put_many([(each, granted(each, at=clock.now())) for each in many])
        clock.advance(timedelta(hours=1))
        await tokens.put("new", granted("new", at=clock.now()))
        clock.advance(timedelta(hours=-1))
        assert [each.family for each in await tokens.values()] == ["new"]

"""What every storage backend promises, as one suite; a backend's file only makes the storage."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from mock_okta import Clock
from mock_okta.model.directory import User
from mock_okta.model.org_state import Secret
from mock_okta.model.records import (
    ApiToken,
    Login,
    RefreshToken,
    RememberedDevice,
    Revocation,
    SessionToken,
)
from mock_okta.model.traffic import Exchange
from mock_okta.storage import LOGS, Storage
from mock_okta.storage.encoding import decoded, encoded

CALLERS = 64


def marked(kept: Login) -> Login:
    """A change that can be counted."""
    return of(kept.user_id + "x")


def of(user_id: str) -> Login:
    """A small record that never expires."""
    return Login(user_id=user_id)


def one_more(kept: Login | None) -> Login:
    """A change that can be counted, and needs no record to begin with."""
    return of("x") if kept is None else marked(kept)


def user(name: str) -> User:
    """A user record, which sessions lead to."""
    at = datetime(2031, 1, 1, tzinfo=UTC)
    return User(
        id="00u1",
        login=name,
        password="mock-Password-1",
        profile={},
        group_ids=(),
        created_at=at,
        last_updated_at=at,
        password_changed_at=at,
    )


def granted(
    family: str, user_id: str = "00u1", client_id: str = "0oa1", *, at: datetime
) -> RefreshToken:
    """A record with several indexes."""
    return RefreshToken(
        family=family,
        server_id="default",
        client_id=client_id,
        user_id=user_id,
        scopes=("openid",),
        nonce=None,
        acr=None,
        amr=("pwd",),
        authenticated_at=at,
        ends_at=None,
        expires_at=at + timedelta(seconds=300),
    )


def exchange(name: str) -> Exchange:
    """A recorded request."""
    return Exchange(
        id=name,
        at=datetime(2031, 1, 1, tzinfo=UTC),
        method="GET",
        path="/",
        query="",
        headers=(),
        body=b"",
        body_size=0,
        status=200,
        response_headers=(),
        response_body=b"",
        response_body_size=0,
        remarks=(),
        user_id=None,
        fault=None,
    )


async def _logged(storage: Storage) -> list[str]:
    return [each.id for each in await storage.recorded_requests.values()]


class StorageConformance:
    """Inherit it, and add a fixture `storage` that is empty and uses the fixture `clock`."""

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

    # All records.

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

    # Going back.

    async def test_everything_is_again_what_it_was(self, storage: Storage, clock: Clock) -> None:
        first, second = self.token(clock), self.token(clock, user_id="00u2")
        await storage.session_tokens.put("kept", first)
        await storage.session_tokens.put("changed", first)
        await storage.logins.put("taken", of("1"))
        records = await storage.records()
        await storage.session_tokens.put("changed", second)
        await storage.session_tokens.put("new", second)
        await storage.logins.take("taken")
        await storage.api_tokens.put("new", ApiToken(token="new", user_id=None))
        await storage.restore(records)
        assert list(await storage.session_tokens.values()) == [first, first]
        assert await storage.session_tokens.get("new") is None
        assert await storage.logins.get("taken") == of("1")
        assert list(await storage.api_tokens.values()) == []

    async def test_one_may_go_back_again_and_again(self, storage: Storage) -> None:
        await storage.logins.put("a", of("1"))
        records = await storage.records()
        for _ in range(2):
            await storage.logins.update("a", marked)
            await storage.logins.put("b", of("2"))
            await storage.logins.take("b")
            await storage.logins.clear()
            await storage.restore(records)
            assert list(await storage.logins.values()) == [of("1")]

    async def test_going_back_keeps_the_order(self, storage: Storage) -> None:
        for key in ("c", "a", "b"):
            await storage.logins.put(key, of(key))
        records = await storage.records()
        await storage.clear()
        await storage.restore(records)
        assert list(await storage.logins.values()) == [of("c"), of("a"), of("b")]

    async def test_going_back_brings_the_indexes_back(self, storage: Storage, clock: Clock) -> None:
        await storage.session_tokens.put("a", self.token(clock, user_id="00u1"))
        records = await storage.records()
        await storage.session_tokens.put("a", self.token(clock, user_id="00u2"))
        await storage.restore(records)
        assert len(await storage.session_tokens.all_by("user_id", "00u1")) == 1
        assert list(await storage.session_tokens.all_by("user_id", "00u2")) == []

    async def test_what_outlives_a_reset_stays_and_is_in_no_snapshot(
        self, storage: Storage
    ) -> None:
        await storage.secrets.put("a", Secret(value="first"))
        await storage.logins.put("a", of("1"))
        records = await storage.records()
        await storage.secrets.put("b", Secret(value="second"))
        await storage.restore(records)
        await storage.clear()
        secrets = await storage.secrets.values()
        assert [secret.value for secret in secrets] == ["first", "second"]
        assert "secrets" not in records

    async def test_records_are_the_same_after_they_were_bytes(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        await storage.remembered_devices.put(
            ("00u1", "device"), RememberedDevice(user_id="00u1", expires_at=clock.now())
        )
        records = await storage.records()
        there = {name: kept for name, kept in records.items() if kept}
        assert decoded(encoded(records)) == there

    # Logs.

    async def test_a_log_keeps_what_comes_in_its_order(self, storage: Storage) -> None:
        for number in range(3):
            await storage.recorded_requests.append(exchange(str(number)), 1)
        assert await _logged(storage) == ["0", "1", "2"]
        newest = await storage.recorded_requests.newest()
        assert newest is not None
        assert newest.id == "2"
        await storage.recorded_requests.clear()
        assert await _logged(storage) == []
        assert await storage.recorded_requests.newest() is None

    async def test_a_log_keeps_the_newest_of_too_many(self, storage: Storage) -> None:
        most = LOGS["recorded_requests"].most
        for number in range(most + 2):
            await storage.recorded_requests.append(exchange(str(number)), 1)
        assert await _logged(storage) == [str(number) for number in range(2, most + 2)]

    async def test_a_log_keeps_the_newest_of_what_is_too_large(self, storage: Storage) -> None:
        room = LOGS["recorded_requests"].most_bytes
        for name, size in (("a", 1), ("b", room), ("c", 1), ("d", room - 1), ("e", room + 1)):
            await storage.recorded_requests.append(exchange(name), size)
            kept = {"a": ["a"], "b": ["b"], "c": ["c"], "d": ["c", "d"], "e": ["e"]}[name]
            assert await _logged(storage) == kept
        await storage.recorded_requests.clear()
        await storage.recorded_requests.append(exchange("f"), room)
        await storage.recorded_requests.append(exchange("g"), 0)
        assert await _logged(storage) == ["f", "g"]

    async def test_going_back_empties_a_log(self, storage: Storage) -> None:
        await storage.recorded_requests.append(exchange("a"), 1)
        records = await storage.records()
        await storage.recorded_requests.append(exchange("b"), 1)
        await storage.restore(records)
        assert await _logged(storage) == []

    # Expiry.

    async def test_an_expired_record_is_given_out_by_nothing(
        self, storage: Storage, clock: Clock
    ) -> None:
        tokens, called = storage.session_tokens, []

        def change(kept: SessionToken) -> SessionToken:
            called.append(kept)
            return kept

        await tokens.put("a", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=1))
        assert await tokens.get("a") is None
        assert await tokens.update("a", change) is None
        assert called == []
        assert list(await tokens.values()) == []
        assert list(await tokens.all_by("user_id", "00u1")) == []
        assert await tokens.one_by("user_id", "00u1") is None
        assert await tokens.take("a") is None

    async def test_an_expired_record_is_in_no_snapshot(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock, lives=1))
        await storage.session_tokens.put("b", self.token(clock, lives=2))
        clock.advance(timedelta(seconds=1))
        assert list((await storage.records())["session_tokens"]) == ["b"]

    async def test_the_key_of_an_expired_record_is_free(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock, lives=1))
        clock.advance(timedelta(seconds=1))
        second = self.token(clock, user_id="00u2")
        assert await storage.session_tokens.add("a", second) is True
        assert await storage.session_tokens.get("a") == second
        assert list(await storage.session_tokens.all_by("user_id", "00u1")) == []

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
            await storage.logins.put(str(number), of("00u1"))
        clock.advance(timedelta(days=36500))
        await storage.logins.put("last", of("00u1"))
        assert len(await storage.logins.values()) == 3001

    async def test_within_a_minute_what_has_expired_is_gone(
        self, storage: Storage, clock: Clock
    ) -> None:
        for number in range(1000):
            revocation = Revocation(expires_at=clock.now() + timedelta(seconds=100))
            await storage.revocations.put(str(number), revocation)
            clock.advance(timedelta(seconds=1))
        clock.advance(timedelta(seconds=30))
        await storage.session_tokens.put("any", self.token(clock))
        kept = (await storage.records())["revocations"]
        assert len(kept) <= 100 + 60

    async def test_a_clock_that_goes_back_does_not_stop_the_sweeping(
        self, storage: Storage, clock: Clock
    ) -> None:
        clock.advance(timedelta(days=1))
        await storage.session_tokens.put("a", self.token(clock))
        clock.advance(timedelta(days=-1))
        await storage.revocations.put("a", Revocation(expires_at=clock.now()))
        await storage.session_tokens.put("b", self.token(clock))
        clock.advance(timedelta(minutes=2))
        await storage.session_tokens.put("c", self.token(clock))
        assert (await storage.records())["revocations"] == {}

    # Counters.

    async def test_a_counter_counts_by_name_in_one_window(self, storage: Storage) -> None:
        counted = [await storage.request_counts.count(name, 60) for name in ("/a", "/b", "/a")]
        assert counted == [1, 1, 2]
        assert await storage.request_counts.count("/a", 120) == 1
        assert await storage.request_counts.count("/b", 120) == 1

    async def test_of_many_who_count_each_gets_another_number(self, storage: Storage) -> None:
        counting = [storage.request_counts.count("/a", 60) for _ in range(CALLERS)]
        counted = [await each for each in counting]
        assert sorted(counted) == list(range(1, CALLERS + 1))

    async def test_going_back_empties_a_counter(self, storage: Storage) -> None:
        records = await storage.records()
        await storage.request_counts.count("/a", 60)
        await storage.restore(records)
        assert await storage.request_counts.count("/a", 60) == 1

    # Requests.

    async def test_a_request_sees_what_it_has_put(self, storage: Storage, clock: Clock) -> None:
        token = self.token(clock)
        async with storage.request():
            await storage.session_tokens.put("a", token)
            await storage.session_tokens.put("b", token)
            assert await storage.session_tokens.get("a") == token
            assert await storage.session_tokens.take("b") == token
            assert list(await storage.session_tokens.all_by("user_id", "00u1")) == [token]
        assert await storage.session_tokens.get("a") == token
        assert await storage.session_tokens.get("b") is None

    async def test_what_a_record_leads_to_is_read_as_it_is(
        self, storage: Storage, clock: Clock
    ) -> None:
        await storage.session_tokens.put("a", self.token(clock))
        for number, fetched in enumerate((storage.session_tokens.get, storage.session_tokens.take)):
            async with storage.request():
                await fetched("a")
                assert await storage.users.get("00u1") == (user("0") if number else None)
            async with storage.request():
                await fetched("a")
                await storage.users.put("00u1", user(str(number)))
                assert await storage.users.get("00u1") == user(str(number))
                assert await storage.users.get("00u2") is None

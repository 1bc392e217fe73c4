"""What every storage promises about time: going back, expiry, logs, counters and requests."""

from datetime import timedelta

from mock_okta import Clock
from mock_okta.model.directory import ApiToken
from mock_okta.model.grants import Revocation
from mock_okta.model.org_state import Secret
from mock_okta.model.sessions import RememberedDevice, SessionToken
from mock_okta.storage import LOGS, Storage
from mock_okta.storage.encoding import decoded, encoded
from tests.storage.conforming import CALLERS, Conforming, exchange, marked, of, user


async def _logged(storage: Storage) -> list[str]:
    return [each.id for each in await storage.recorded_requests.values()]


class InTimeConform(Conforming):
    """What was there comes back, what has expired is gone, and logs and counters have limits."""

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

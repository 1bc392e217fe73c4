"""The connection to a Redis server or cluster; what is asked at the same time goes out together."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from mock_okta.storage.ports import StorageError
from mock_okta.storage.redis_scripts import SCRIPTS, Script
from mock_okta.storage.together import current

__all__ = ["Link"]

_log = logging.getLogger("mock_okta.storage")
_PATIENCE = 5.0  # seconds for an answer, and for a connection
_READ_AT_ONCE = 1000
_OLDEST = (6, 2)  # XTRIM and scripts as we use them; Valkey says 7.2


class Link:
    """Sends commands, those that wait together in one round trip; all errors are StorageErrors.

    A command whose answer was lost is not sent again: it may have been carried out.
    """

    def __init__(self, url: str, shown: str) -> None:
        self._url = url
        self._shown = shown
        self._waiting: list[tuple[Sequence[Any], asyncio.Future[Any]]] = []
        self._asked = asyncio.Event()

    async def start(self) -> None:
        """Connect, and refuse a server that is too old."""
        try:
            self._client = _client(Redis, self._url)
        except ValueError as error:
            raise self._wrong_option(error) from error
        try:
            await self._meet_server()
        except TypeError as error:  # redis-py passes options on, and reads them late
            raise self._wrong_option(error) from error
        except (RedisError, OSError) as error:
            await self._client.aclose()
            raise self._told(error) from error
        except StorageError:
            await self._client.aclose()
            raise
        self._sender = asyncio.create_task(self._send_all())

    async def close(self) -> None:
        """Disconnect."""
        self._sender.cancel()
        with suppress(asyncio.CancelledError):
            await self._sender
        await self._client.aclose()

    def ask(self, *command: Any) -> asyncio.Future[Any]:
        """Return the future answer to a command."""
        if (block := current()) is not None:
            block.fetched = None
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, future))
        self._asked.set()
        return future

    def run(self, script: Script, keys: Sequence[Any], *arguments: Any) -> asyncio.Future[Any]:
        """Return the future result of a script."""
        return self.ask("EVALSHA", script.digest, len(keys), *keys, *arguments)

    async def all_in(self, hash_: str) -> Mapping[bytes, bytes]:
        """Return the values of a hash by key, read in parts."""
        found: dict[bytes, bytes] = {}
        place = 0
        while True:
            place, some = await self.ask("HSCAN", hash_, place, "COUNT", _READ_AT_ONCE)
            found |= some
            if place == 0:
                return found

    async def _send_all(self) -> None:
        while await self._asked.wait():
            batch, self._waiting = self._waiting, []
            self._asked.clear()
            for (_, future), answer in zip(batch, await self._answers(batch), strict=True):
                if future.done():
                    continue
                if isinstance(answer, BaseException):
                    future.set_exception(self._told(answer))
                else:
                    future.set_result(answer)

    async def _answers(
        self, batch: Sequence[tuple[Sequence[Any], asyncio.Future[Any]]]
    ) -> Sequence[Any]:
        commands = [command for command, _ in batch]
        answers = await self._sent(commands)
        unknown = [n for n, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if unknown:  # the server was restarted, and ran none of these
            with suppress(RedisError, OSError):
                await self._load_scripts()
            again = await self._sent([commands[number] for number in unknown])
            for number, answer in zip(unknown, again, strict=True):
                answers[number] = answer
        return answers

    async def _sent(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """Return the answer to each command, or its error."""
        try:
            if len(commands) == 1:
                return [await self._client.execute_command(*commands[0])]
            pipeline = self._client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            return list(await pipeline.execute(raise_on_error=False))
        except Exception as error:  # noqa: BLE001 -- all who wait get it, nobody waits for ever
            return [error] * len(commands)

    async def _meet_server(self) -> None:
        info: dict[str, Any] = await self._client.info("server")
        version = str(info["redis_version"])
        if tuple(map(int, version.split(".")[:2])) < _OLDEST:
            oldest = ".".join(map(str, _OLDEST))
            raise StorageError(f"{self._shown} is Redis {version}, but {oldest} or newer is needed")
        if info.get("redis_mode") == "cluster":
            await self._client.aclose()
            self._client = _client(RedisCluster, self._url)
        await self._load_scripts()
        await self._warn_of_eviction()

    async def _warn_of_eviction(self) -> None:
        """Say in the log that records may disappear; `volatile-` policies leave ours alone."""
        info: dict[str, Any] = await self._client.info("memory")
        policy = str(info.get("maxmemory_policy", ""))
        if info.get("maxmemory") and policy.startswith("allkeys-"):
            _log.warning(
                "%s may drop records of the org when its memory is full: set its "
                "maxmemory-policy, now %s, to noeviction",
                self._shown,
                policy,
            )

    async def _load_scripts(self) -> None:
        for script in SCRIPTS:
            await self._client.script_load(script)

    def _wrong_option(self, error: Exception) -> StorageError:
        return StorageError(f"{self._shown}: an option after the ? is wrong ({error})")

    def _told(self, error: BaseException) -> StorageError:
        told = StorageError(f"{self._shown}: {' '.join(str(error).split())}")
        told.__cause__ = error
        return told


def _client(kind: type[Any], url: str) -> Any:
    return kind.from_url(
        url,
        protocol=2,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),
        # Else redis-py looks up its version on the disk for each connection.
        driver_info=None,
    )

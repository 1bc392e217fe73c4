"""What a start does to a storage: it fills an empty one, and applies a seed that has changed."""

import asyncio
import hashlib
import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

from mock_okta.clock import ClockState
from mock_okta.model.org_state import AppliedSeed
from mock_okta.model.seed import GivenSeed
from mock_okta.services.directory.lookup import ORG_KEY
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.world import World
from mock_okta.storage import Collection, StorageError

__all__ = ["Starting", "recalled"]

_log = logging.getLogger("mock_okta.seed")
_encoder = msgspec.json.Encoder(order="deterministic")
_RENEWALS = 5
"""How often a claim is renewed in the time that it lasts."""
_BETWEEN_LOOKS = 0.05
_MOST_NAMED = 10


class Starting(Struct, frozen=True, kw_only=True):
    """Applies the seed of a start once, however many processes start with it at the same time.

    The storage remembers the seed's digest. The same seed changes nothing. A changed one makes or
    replaces what it names, except that users who are there keep password, factors and status. What
    it names no more stays, until a reset.
    """

    world: World
    seeding: Seeding
    given: GivenSeed
    claim_lasts: timedelta = timedelta(seconds=10)
    """A process that has not renewed its claim for so long counts as dead."""

    async def apply(self) -> None:
        """Return once the storage has what the seed says; raise StorageError for another engine."""
        if self.given.is_recalled:
            return
        digest = self._digest()
        while (applied := await self._ours(digest)) is not None:
            if await self._while_claimed(applied.claimant, self._applied(applied, digest)):
                return
        await self._remember_origin(digest)

    async def _applied(self, before: AppliedSeed, digest: str) -> None:
        """Apply the seed, and end the claim: also after an error, the next start must not wait."""
        done = AppliedSeed(digest=before.digest)
        try:
            if before.digest == "":
                await self.seeding.start(self.given.whole)
            else:
                await self._check_engine()
                await self._merge()
            done = self._with_origin(AppliedSeed(digest=digest))
        finally:
            await self.world.storage.applied_seeds.update(
                ORG_KEY, lambda kept: done if kept.claimant == before.claimant else kept
            )

    async def _ours(self, digest: str) -> AppliedSeed | None:
        """Return what was applied before, if this process is to apply the seed now; else None."""
        seeds = self.world.storage.applied_seeds
        claimant = self.world.ids.request_id()
        has_waited = False
        while True:
            found: AppliedSeed | None = await seeds.get(ORG_KEY)
            if found is None:
                claim = self._claimed(AppliedSeed(digest=""), claimant)
                if await seeds.add(ORG_KEY, claim):
                    return claim
            elif found.digest == digest and not _is_left(found):
                return None
            elif _is_free(found):
                found = await seeds.update(
                    ORG_KEY, lambda kept: self._claimed(kept, claimant) if _is_free(kept) else kept
                )
                if found is not None and found.claimant == claimant:
                    return found
            elif not has_waited:
                has_waited = True
                _log.info("another process fills the org: this one waits for it")
            await asyncio.sleep(_BETWEEN_LOOKS)
            await self.world.storage.refresh()

    async def _while_claimed(self, claimant: str, work: Coroutine[Any, Any, None]) -> bool:
        """Work, and renew the claim meanwhile; return False if another process took it over.

        That happens to a process which was halted for long, or whose storage did not answer.
        """
        working, renewing = map(asyncio.ensure_future, (work, self._renew(claimant)))
        try:
            await asyncio.wait((working, renewing), return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                await working
                return True
            await renewing
            return False
        finally:
            working.cancel()
            renewing.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)

    async def _renew(self, claimant: str) -> None:
        """Renew the claim again and again; return when it is no longer ours."""
        while True:
            await asyncio.sleep(self.claim_lasts.total_seconds() / _RENEWALS)
            found = await self.world.storage.applied_seeds.update(
                ORG_KEY,
                lambda kept: self._claimed(kept, claimant) if kept.claimant == claimant else kept,
            )
            if found is None or found.claimant != claimant:
                return

    def _claimed(self, kept: AppliedSeed, claimant: str) -> AppliedSeed:
        return structs.replace(kept, claimant=claimant, claimed_until=_now() + self.claim_lasts)

    async def _remember_origin(self, digest: str) -> None:
        """Keep from which files the same seed comes now, so that the next start need not parse."""
        if not self.given.origin(self.world.issuers.urls):
            return

        def remembered(kept: AppliedSeed) -> AppliedSeed:
            is_ours = kept.digest == digest and not kept.claimant
            return self._with_origin(kept) if is_ours else kept

        await self.world.storage.applied_seeds.update(ORG_KEY, remembered)

    def _with_origin(self, applied: AppliedSeed) -> AppliedSeed:
        origin = self.given.origin(self.world.issuers.urls)
        summary = msgspec.json.encode(self.given.summary) if origin else b""
        return structs.replace(applied, origin=origin, summary=summary)

    async def _check_engine(self) -> None:
        """The engine decides what is in the storage, so it stays."""
        org = await self.world.storage.orgs.get(ORG_KEY)
        if org is not None and self.given.engine != org.engine:
            raise StorageError(
                f"the org in this storage runs the engine {org.engine}, not "
                f"{self.given.engine}: start it with --engine {org.engine}, or use another "
                "storage"
            )

    async def _merge(self) -> None:
        """Apply a changed seed to a filled org, and log what it changes."""
        storage = self.world.storage
        collections: Mapping[str, Collection[Any]] = {
            "app": storage.clients,
            "authorization server": storage.authorization_servers,
            "password policy": storage.password_policies,
            "sign-on policy": storage.sign_on_policies,
            "enrollment policy": storage.enrollment_policies,
            "authentication policy": storage.authentication_policies,
        }
        before = {kind: await each.values() for kind, each in collections.items()}
        users = await self._users()
        await self.seeding.start(self.given.whole, keeps_users=True)
        lines = _some(_changes("user", users, await self._users()))
        for kind, collection in collections.items():
            lines += _some(_changes(kind, before[kind], await collection.values()))
        _log.info("the seed has changed since the last start; users keep password and factors")
        for line in lines:
            _log.info("seed: %s", line)

    async def _users(self) -> Sequence[object]:
        """Return the users of the seed who are there."""
        storage = self.world.storage
        logins = await storage.logins.get_many(
            [each.login.lower() for each in self.given.whole.users]
        )
        ids = [login.user_id for login in logins if login is not None]
        return [user for user in await storage.users.get_many(ids) if user is not None]

    def _digest(self) -> str:
        """Return what changes whenever the seed, or the org's URLs in its records, change."""
        seen = _encoder.encode([self.given.whole, self.world.issuers.urls])
        return hashlib.sha256(seen).hexdigest()


async def recalled(given: GivenSeed, world: World) -> GivenSeed:
    """Return the seed; it is not parsed if the storage was last filled from the same files."""
    origin = given.origin(world.issuers.urls)
    applied = await world.storage.applied_seeds.get(ORG_KEY) if origin else None
    if applied is not None and applied.origin == origin and not applied.claimant:
        given.recall(applied.summary)
    return given


def _is_free(kept: AppliedSeed) -> bool:
    """Return whether no process applies a seed."""
    return kept.claimed_until is None or _is_left(kept)


def _is_left(kept: AppliedSeed) -> bool:
    """Return whether the process that applied a seed has died."""
    return kept.claimed_until is not None and kept.claimed_until <= _now()


def _changes(kind: str, before: Iterable[object], after: Iterable[object]) -> Iterable[str]:
    """Return a line for each record that is new or has changed."""
    earlier = _by_name(before)
    for name, record in _by_name(after).items():
        if name not in earlier:
            yield f"new {kind}: {name}"
        elif earlier[name] != record:
            yield f"changed {kind}: {name}"


def _by_name(records: Iterable[object]) -> Mapping[str, object]:
    return {str(getattr(each, "login", getattr(each, "name", ""))): each for each in records}


def _some(lines: Iterable[str]) -> list[str]:
    """Return the first lines, and how many there are more."""
    every = list(lines)
    more = len(every) - _MOST_NAMED
    return every if more <= 0 else [*every[:_MOST_NAMED], f"and {more} more like these"]


def _now() -> datetime:
    """Return the machine's time: the org's may stand still."""
    return ClockState().now()

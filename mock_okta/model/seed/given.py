"""The seed of a start, which is parsed only if something needs all of it."""

from functools import cached_property
from hashlib import sha256
from typing import Self

import msgspec
from msgspec import Struct, structs

from mock_okta.model.directory import DEFAULT_ENGINE, EngineName
from mock_okta.model.seed.reading import SeedFiles
from mock_okta.model.seed.types import Seed
from mock_okta.version import __version__

__all__ = ["GivenSeed", "SeedSummary"]

_MOST_USERS = 100


class SeedSummary(Struct, frozen=True, kw_only=True):
    """A seed with its first hundred users alone, and how many it has."""

    seed: Seed
    user_count: int

    @classmethod
    def of(cls, seed: Seed) -> Self:
        """Return the summary of the seed."""
        first = seed.users[:_MOST_USERS]
        return cls(seed=structs.replace(seed, users=first), user_count=len(seed.users))


class GivenSeed:
    """A seed, or the files that it is in, and the engine that the org runs.

    The storage keeps the digest of the files that it was filled from (`origin`) and their summary.
    If they are the same at the next start, the summary is enough until somebody resets the org.
    """

    def __init__(self, given: Seed | SeedFiles, engine: EngineName | None = None) -> None:
        self._given = given
        self._engine = engine
        self._recalled: SeedSummary | None = None

    @cached_property
    def whole(self) -> Seed:
        """The whole seed; the first use may take seconds, and raises SeedError for mistakes."""
        seed = self._given.parsed() if isinstance(self._given, SeedFiles) else self._given
        engine = self._engine or seed.org.engine or DEFAULT_ENGINE
        return structs.replace(seed, org=structs.replace(seed.org, engine=engine))

    @cached_property
    def summary(self) -> SeedSummary:
        """All of the seed but most users of a large one; raises as `whole` does."""
        return self._recalled or SeedSummary.of(self.whole)

    @property
    def engine(self) -> EngineName:
        """Which engine the org runs."""
        return self.summary.seed.org.engine or DEFAULT_ENGINE

    @property
    def is_recalled(self) -> bool:
        """Whether the storage was filled from the same files."""
        return self._recalled is not None

    def recall(self, summary: bytes) -> None:
        """Take the summary that was kept with the origin of these files."""
        self._recalled = msgspec.json.decode(summary, type=SeedSummary)

    def origin(self, urls: tuple[str, ...]) -> str:
        """Return what changes whenever records made from the files could; "" without files.

        `urls`: the org's. The version of mock_okta decides what the files leave out.
        """
        if not isinstance(self._given, SeedFiles):
            return ""
        decisive = [self._given.digest(), self._engine, __version__, urls]
        return sha256(msgspec.json.encode(decisive)).hexdigest()

"""The log of recorded requests: the last thousand, kept raw."""

from collections import deque
from collections.abc import Sequence

from mock_okta.domain.traffic import Exchange

__all__ = ["LARGEST_KEPT_BODY", "Traffic"]

LARGEST_KEPT_BODY = 16 * 1024
_MOST = 1000


class Traffic:
    """Keeps requests with their answers in the order in which they were answered."""

    def __init__(self, most: int = _MOST) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=most)

    def keep(self, exchange: Exchange) -> None:
        """Add one; the oldest goes when there are too many."""
        self._exchanges.append(exchange)

    def exchanges(self) -> Sequence[Exchange]:
        """Return all that are kept, oldest first."""
        return tuple(self._exchanges)

    def clear(self) -> None:
        """Forget all."""
        self._exchanges.clear()

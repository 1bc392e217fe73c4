"""The questions that `Control` answers about decisions, refresh families, ends and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_okta.control.connection import Connection, path_of
from mock_okta.control.paths import Path
from mock_okta.model.insight import (
    About,
    Deadline,
    Deadlines,
    RecordChange,
    RefreshFamilies,
    RefreshFamily,
    SnapshotDiff,
    TokenPreview,
    TokenQuestion,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_okta.model.messages import Message

__all__ = ["Insight"]


class Insight:
    """A part of `Control`."""

    _connection: Connection

    def about(self) -> About:
        """Return the version, the widget's releases, and all paths that are served."""
        return self._connection.ask(About, "GET", Path.ABOUT)

    def preview(
        self,
        user: str | None = None,
        /,
        *,
        client_id: str,
        authorization_server: str = "default",
        scopes: Sequence[str] = (),
        grant_type: str | None = None,
    ) -> TokenPreview:
        """Return which rules would decide, and the claims; without a user, for the client alone."""
        asked = TokenQuestion(
            client_id=client_id,
            user=user,
            authorization_server=authorization_server,
            scopes=tuple(scopes),
            grant_type=grant_type,
        )
        return self._connection.ask(TokenPreview, "POST", Path.PREVIEW, asked)

    def refresh_families(
        self, *, user: str | None = None, client_id: str | None = None
    ) -> tuple[RefreshFamily, ...]:
        """Return refresh tokens by family: which was rotated, and which was used again."""
        path = path_of(Path.FAMILIES, user=user, client_id=client_id)
        return self._connection.ask(RefreshFamilies, "GET", path).families

    def end_family(self, family: RefreshFamily | str) -> None:
        """Revoke a refresh family, and the access tokens issued with it."""
        name = family if isinstance(family, str) else family.id
        self._connection.send("DELETE", path_of(Path.FAMILY, id=name))

    def remove_message(self, message: Message | str) -> None:
        """Delete one message of the outbox."""
        name = message if isinstance(message, str) else message.id
        self._connection.send("DELETE", path_of(Path.MESSAGE, id=name))

    def deadlines(self) -> tuple[Deadline, ...]:
        """Return what ends by the org's time, the next one first."""
        return self._connection.ask(Deadlines, "GET", Path.DEADLINES).deadlines

    def changes_since(self, snapshot: str) -> tuple[RecordChange, ...]:
        """Return how the org differs from a snapshot, record by record."""
        path = path_of(Path.SNAPSHOT_DIFF, name=snapshot)
        return self._connection.ask(SnapshotDiff, "GET", path).changes

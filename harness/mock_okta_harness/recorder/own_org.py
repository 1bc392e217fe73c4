"""Starts an org for a recording, and finds everything that a sign-in needs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mock_okta_harness.recorder.order import REDIRECT_URI, SCOPES, OrderError, SignInOrder
from mock_okta_harness.running import RunningOrg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from mock_okta import MockOkta

__all__ = ["OwnOrg", "Wanted", "an_own_org"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to record from a started org; the default is the org's first of each."""

    client_id: str | None = None
    login: str | None = None
    authorization_server: str = "default"
    redirect_uri: str | None = None
    logout_redirect_uri: str | None = None
    scopes: tuple[str, ...] = SCOPES


@dataclass(frozen=True)
class OwnOrg:
    """An org that was started for recordings."""

    org: MockOkta

    @property
    def running(self) -> RunningOrg:
        """The org as a `RunningOrg`."""
        ca_file = self.org.ca_path if self.org.config.tls else None
        return RunningOrg(self.org.url, ca_file)

    def order(self, wanted: Wanted) -> SignInOrder:
        """Return everything for a sign-in, with passwords and secrets. Raises OrderError."""
        client = _the("client", self.org.clients, lambda each: each.client_id, wanted.client_id)
        user = _the("user", self.org.config.seed.users, lambda each: each.login, wanted.login)
        return SignInOrder(
            org_url=self.org.url,
            issuer=self.org.issuer(wanted.authorization_server),
            client_id=client.client_id,
            client_secret=client.client_secret,
            username=user.login,
            password=user.password,
            redirect_uri=wanted.redirect_uri or _usual(client.login_redirect_uris) or REDIRECT_URI,
            logout_redirect_uri=wanted.logout_redirect_uri or _usual(client.logout_redirect_uris),
            scopes=wanted.scopes,
            ca_file=self.running.ca_file,
            is_own=True,
            user_data="kept",
        )


@contextmanager
def an_own_org(seed_file: Path | None = None) -> Iterator[OwnOrg]:
    """Start an org with the seed file, or the default seed. Raises OrderError."""
    from mock_okta import Config, MockOkta  # noqa: PLC0415 -- only what starts an org imports it
    from mock_okta.model.seed import SeedError, read_seed  # noqa: PLC0415 -- as above

    try:
        config = Config(seed=read_seed(seed_file)) if seed_file else Config()
    except SeedError as mistake:
        raise OrderError(str(mistake)) from mistake
    with MockOkta(config) as org:
        yield OwnOrg(org)


def _the(kind: str, known: Iterable[T], name_of: Callable[[T], str], wanted: str | None) -> T:
    for each in known:
        if wanted in (None, name_of(each)):
            return each
    raise OrderError(f"The org has no {kind} {wanted or 'at all'}.")


def _usual(registered: tuple[str, ...]) -> str | None:
    """Return the usual redirect URI if it is registered, else the first registered one."""
    return REDIRECT_URI if REDIRECT_URI in registered else next(iter(registered), None)

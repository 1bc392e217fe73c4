"""What the endpoints of one org are made of."""

import asyncio

import msgspec
from msgspec import Struct

from mock_okta.app.settings import Config
from mock_okta.authn.engine import ClassicEngine
from mock_okta.browser.widget.releases import Releases, default_directory
from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.transactions import Transaction
from mock_okta.oauth.servers import Servers
from mock_okta.services.directory.issuers import Issuers
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.engine import Engine
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.password_sign_in import PasswordSignIn
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.testing.faults import Faults
from mock_okta.services.testing.token_faults import TokenFaults
from mock_okta.services.testing.traffic import Traffic
from mock_okta.services.tokens.key_ring import KeyPool, KeyRing
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.recovery import Recoveries
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.site import LOOPBACK_NAMES, Site

__all__ = ["Parts", "lifecycle_of", "parts_at", "parts_of"]


class Parts(Struct, frozen=True, kw_only=True):
    """What the endpoints are made of."""

    config: Config
    releases: Releases
    site: Site
    issuers: Issuers
    storage: Storage
    clock: Clock
    ids: Ids
    keys: KeyRing
    outbox: Outbox
    sessions: Sessions
    policies: Policies
    credentials: Credentials
    recoveries: Recoveries
    lifecycle: Lifecycle
    requirements: Requirements
    transactions: Transactions[Transaction]
    engine: Engine
    password_sign_in: PasswordSignIn
    external: ExternalSignIn
    tokens: Tokens
    cookies: Cookies
    servers: Servers
    traffic: Traffic
    faults: Faults

    async def installed_widget(self) -> str | None:
        """Return the version on the org's own pages; None while it is not installed."""
        version = self.config.widget_version
        found = await asyncio.to_thread(self.releases.find, version)
        return None if found is None else version


def parts_of(config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool) -> Parts:
    """Return the parts of the org at `url`, its first name."""
    ids, keys, site = Ids(config.id_seed), KeyRing(pool, clock), _site_of(config, url)
    issuers = Issuers(config.urls(url))
    outbox = Outbox(storage=storage, clock=clock, ids=ids)
    policies = Policies(storage=storage)
    sessions = Sessions(storage=storage, clock=clock, ids=ids, policies=policies, outbox=outbox)
    credentials = Credentials(storage=storage, clock=clock, policies=policies)
    recoveries = Recoveries(
        storage=storage,
        clock=clock,
        ids=ids,
        policies=policies,
        credentials=credentials,
        outbox=outbox,
        url=url,
    )
    requirements = Requirements(storage=storage, clock=clock, policies=policies)
    transactions = Transactions(
        kept=storage.transactions, record=Transaction, new_handle=ids.state_token, clock=clock
    )
    return Parts(
        config=config,
        releases=Releases(config.widget_dir or default_directory()),
        site=site,
        issuers=issuers,
        storage=storage,
        clock=clock,
        ids=ids,
        keys=keys,
        outbox=outbox,
        sessions=sessions,
        policies=policies,
        credentials=credentials,
        recoveries=recoveries,
        lifecycle=lifecycle_of(storage, clock, ids, credentials, recoveries),
        requirements=requirements,
        transactions=transactions,
        engine=ClassicEngine(transactions=transactions),
        password_sign_in=PasswordSignIn(credentials=credentials, requirements=requirements),
        external=ExternalSignIn(storage=storage, clock=clock, ids=ids, credentials=credentials),
        tokens=Tokens(
            storage=storage,
            keys=keys,
            clock=clock,
            ids=ids,
            issuers=issuers,
            sign=TokenFaults(keys=keys).sign,
        ),
        cookies=Cookies(site=site, ids=ids, sessions=sessions, suffix=config.cookie_suffix),
        servers=Servers(storage, issuers),
        traffic=Traffic(),
        faults=Faults(ids),
    )


def parts_at(parts: Parts, order: int) -> Parts:
    """Return the parts of the same org for requests to another of its names.

    All that the org keeps is the same; what says where the org is says another name.
    """
    issuers = Issuers(parts.issuers.urls, order)
    site = msgspec.structs.replace(parts.site, url=issuers.urls[order])
    recoveries = msgspec.structs.replace(parts.recoveries, url=site.url)
    return msgspec.structs.replace(
        parts,
        site=site,
        issuers=issuers,
        recoveries=recoveries,
        lifecycle=lifecycle_of(
            parts.storage, parts.clock, parts.ids, parts.credentials, recoveries
        ),
        tokens=msgspec.structs.replace(
            parts.tokens, issuers=issuers, sign=TokenFaults(keys=parts.keys).sign
        ),
        cookies=msgspec.structs.replace(parts.cookies, site=site),
        servers=Servers(parts.storage, issuers),
    )


def _site_of(config: Config, url: str) -> Site:
    names = LOOPBACK_NAMES | {config.hostname, config.host, *config.domains, *config.tls_names}
    return Site(url=url, names=frozenset(names), urls=config.urls(url))


def lifecycle_of(
    storage: Storage, clock: Clock, ids: Ids, credentials: Credentials, recoveries: Recoveries
) -> Lifecycle:
    """Return what changes a user's status."""
    revocations = Revocations(storage=storage, clock=clock, ids=ids)
    return Lifecycle(
        storage=storage,
        clock=clock,
        credentials=credentials,
        recoveries=recoveries,
        revocations=UserRevocations(storage=storage, revocations=revocations),
    )

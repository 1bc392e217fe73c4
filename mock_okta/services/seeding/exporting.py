"""The running org as a seed: the reverse of seeding.

What a seed cannot say is left out: sessions, tokens, security keys, factors that wait for their
activation, and names of what has been removed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, structs

from mock_okta.ids import derived_secret
from mock_okta.model.authorization_servers import AccessPolicy, AuthorizationServer, PolicyRule
from mock_okta.model.clients import Client, ClientSettings, ClientType, RefreshTokenSettings
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.seed import (
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedFactor,
    SeedPolicy,
    SeedRule,
    SeedUser,
)
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.seeding.exporting_policies import IdNames, policies_of
from mock_okta.storage import Storage

__all__ = ["document_of", "exported", "yaml_of"]

_MINUTE = timedelta(minutes=1)
_BUILT_IN = ("openid", "profile", "email", "address", "phone", "offline_access")
_TYPES = {
    ClientType.SPA: "spa",
    ClientType.WEB: "web",
    ClientType.NATIVE: "native",
    ClientType.SERVICE: "service",
}
_ALWAYS_GIVEN = ("users", "clients", "authorization_servers")
_UNSEEDED = (FactorKey.PASSWORD, FactorKey.WEBAUTHN)
_SECRET = re.compile(r"(?:[A-Z2-7]{8}){3,}")
_STATUSES_WITHOUT_PASSWORD = ("STAGED", "PROVISIONED")


async def exported(storage: Storage, now: datetime) -> Seed:
    """Return a seed with which another org begins as this one is now."""
    names = await IdNames.of(storage)
    tokens = await storage.api_tokens.values()
    servers = await storage.authorization_servers.values()
    return Seed(
        org=await the_org(storage),
        users=tuple(_user(each, names, now) for each in await storage.users.values()),
        clients=tuple(
            [await _client(each, names, storage) for each in await storage.clients.values()]
        ),
        authorization_servers=tuple(_server(each, names) for each in servers if not each.is_org),
        trusted_origins=tuple(await storage.trusted_origins.values()),
        api_tokens=tuple(
            SeedApiToken(token=each.token, user=names.users.get(each.user_id or ""))
            for each in tokens
        ),
        rate_limits=tuple(await storage.rate_limits.values()),
        **await policies_of(storage, names),
    )


def document_of(seed: Seed) -> dict[str, Any]:
    """Return the seed as plain values, without those that a seed has by default.

    Users, clients and servers are always given, also those of the default org: an empty list means
    none.
    """
    always = {name: _plain(getattr(seed, name)) for name in ("org", *_ALWAYS_GIVEN)}
    other: dict[str, Any] = _plain(seed)
    return always | other


def yaml_of(document: dict[str, Any]) -> str:
    """Return the document as YAML, in the order that it has."""
    import yaml  # noqa: PLC0415 -- takes 30 ms, needed for YAML only

    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _plain(value: Any) -> Any:
    match value:
        case Struct():
            fields = structs.fields(value)
            given = ((each, getattr(value, each.name)) for each in fields)
            return {each.encode_name: _plain(v) for each, v in given if v != _default(each)}
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return sorted(_plain(each) for each in value)
        case _:
            return msgspec.to_builtins(value)


def _default(field: structs.FieldInfo) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def _user(user: User, names: IdNames, now: datetime) -> SeedUser:
    has_password = bool(user.password) or user.status in _STATUSES_WITHOUT_PASSWORD
    own = {"login": user.login, "email": user.login}
    return SeedUser(
        id=user.id,
        login=user.login,
        # Only a user of an identity provider, or in recovery, has none; a seed wants one.
        password=user.password if has_password else derived_secret(user.id),
        status=_literal(user.status),
        profile={name: v for name, v in user.profile.items() if own.get(name) != v},
        groups=names.group_names(user.group_ids) or (),
        factors=tuple(
            _factor(each)
            for each in user.factors
            if each.key not in _UNSEEDED and each.status is FactorStatus.ACTIVE
        ),
        recovery_question=user.recovery_question,
        password_age_days=max(0, (now - user.password_changed_at).days),
    )


def _literal(word: str) -> Any:
    """Return a word of a StrEnum as the seed's Literal has it."""
    return str(word)


def _factor(factor: Factor) -> SeedFactor:
    is_question = factor.key is FactorKey.QUESTION
    is_phone = factor.key in (FactorKey.SMS, FactorKey.CALL)
    has_secret = factor.key in (FactorKey.GOOGLE_OTP, FactorKey.OKTA_OTP, FactorKey.CUSTOM_OTP)
    secret = factor.secret or ""
    return SeedFactor(
        factor=factor.key.value,
        phone_number=factor.profile["phone_number"] if is_phone else None,
        email=factor.profile.get("email") if factor.key is FactorKey.EMAIL else None,
        question=factor.profile.get("question") if is_question else None,
        answer=secret if is_question else None,
        secret=secret if has_secret and _SECRET.fullmatch(secret) else None,
        number_challenge=factor.number_challenge,
        auto_push=factor.auto_push,
    )


async def _client(client: Client, names: IdNames, storage: Storage) -> SeedClient:
    method = _literal(client.authentication_method)
    is_public = method == "none"
    assigned = [
        each.principal_id for each in await storage.assignments.all_by("app_id", client.client_id)
    ]
    usual = RefreshTokenSettings(rotation_type="ROTATE" if is_public else "STATIC")
    settings = {name: getattr(client, name) for name in ClientSettings.__struct_fields__}
    return SeedClient(
        **settings,
        type=_literal(_TYPES[client.type]),
        client_id=client.client_id,
        client_secret=client.client_secret,
        token_endpoint_auth_method=method,
        grant_types=_sorted(client.grant_types),
        consent_method="REQUIRED" if client.requires_consent else "TRUSTED",
        granular_consent=client.granular_consent,
        assigned_users=tuple(names.users[each] for each in assigned if each in names.users),
        assigned_groups=tuple(names.groups[each] for each in assigned if each in names.groups),
        okta_scopes=tuple(sorted(client.okta_scopes)),
        pkce_required=None if is_public else client.requires_pkce or None,
        wildcard_redirect="SUBDOMAIN" if client.has_wildcards else "DISABLED",
        refresh_token=None if client.refresh_token == usual else client.refresh_token,
        logo_uri=client.uris.logo,
        client_uri=client.uris.home,
        tos_uri=client.uris.terms,
        policy_uri=client.uris.privacy,
        issuer_mode=client.issuer_mode.value,
        authentication_policy=names.policies.get(client.authentication_policy_id or ""),
    )


def _server(server: AuthorizationServer, names: IdNames) -> SeedAuthorizationServer:
    return SeedAuthorizationServer(
        id=server.id,
        name=None if server.name == server.id else server.name,
        audiences=(server.audience,),
        scopes=tuple(each for name, each in server.scopes.items() if name not in _BUILT_IN),
        claims=server.claims,
        policies=tuple(_policy(each, names) for each in server.policies),
        trusted_servers=tuple(sorted(server.trusted_servers & names.servers)),
        trusted_assertion_issuers=server.assertion_issuers,
        issuer_mode=server.issuer_mode.value,
    )


def _policy(policy: AccessPolicy, names: IdNames) -> SeedPolicy:
    known = None if policy.client_ids is None else policy.client_ids & names.clients
    return SeedPolicy(
        name=policy.name,
        clients=_sorted(known),
        rules=tuple(_rule(each, names) for each in policy.rules),
    )


def _rule(rule: PolicyRule, names: IdNames) -> SeedRule:
    lifetime, idle = rule.lifetimes.refresh_token, rule.lifetimes.refresh_token_idle
    return SeedRule(
        name=rule.name,
        grant_types=_sorted(rule.grant_types),
        users=names.logins(rule.user_ids),
        groups=names.group_names(rule.group_ids),
        scopes=_sorted(rule.scopes),
        access_token_lifetime_minutes=rule.lifetimes.access_token // _MINUTE,
        refresh_token_lifetime_minutes=0 if lifetime is None else lifetime // _MINUTE,
        refresh_token_window_minutes=10080 if idle is None else idle // _MINUTE,
    )


def _sorted(values: Iterable[str] | None) -> Any:
    return None if values is None else tuple(sorted(values))

"""What transactions embed: the user, factors, policies (facts/classic C.2, C.4)."""

import math
from datetime import timedelta
from typing import Any

from mock_okta.clock import wire_instant
from mock_okta.model import directory, factors
from mock_okta.model.factors import FactorKey
from mock_okta.model.transactions import ConsentAsked, RequestAsking, Transaction
from mock_okta.services.sign_in.next_step import Situation

__all__ = [
    "authentication",
    "factor_of",
    "factor_policy",
    "password_policy",
    "scopes",
    "target",
    "user",
    "without_device",
]

_OKTA_VERIFY = ("push", "token:software:totp")


def user(user: directory.User) -> dict[str, Any]:
    """Return the user as transactions embed it: `locale` has an underscore here."""
    profile = user.profile
    return {
        "id": user.id,
        "passwordChanged": wire_instant(user.password_changed_at),
        "profile": {
            "login": user.login,
            "firstName": profile.get("firstName"),
            "lastName": profile.get("lastName"),
            "locale": profile.get("locale", "en_US"),
            "timeZone": profile.get("timezone", "America/Los_Angeles"),
        },
    }


def target(transaction: Transaction) -> dict[str, Any]:
    """Return the app that asks for a step-up or for consent.

    The names of the links are those that the widget reads.

    Deviation: an app without a `logo_uri` has no `logo` link: there is no picture to show.
    """
    shown = {"type": "APP", "name": "oidc_client", "label": transaction.target_name}
    uris = transaction.target_uris
    named = {
        "logo": uris.logo,
        "client-uri": uris.home,
        "terms-of-service": uris.terms,
        "privacy-policy": uris.privacy,
    }
    links = {name: {"href": uri} for name, uri in named.items() if uri is not None}
    if transaction.consent is None:
        return {**shown, "_links": links} if links else shown
    return {**shown, "clientId": transaction.consent.client_id, "_links": links}


def authentication(asking: RequestAsking) -> dict[str, Any]:
    """Return the request that asks for a step-up, as in the widget's sample `FACTOR_CHALLENGE_sms`.

    Okta documents it only for SAML, with `id`, `name` and `uri` of the issuer.
    """
    return {
        "protocol": "OAUTH2.0",
        "request": dict(asking.parameters),
        "issuer": {"name": asking.server_name, "uri": asking.issuer},
        "client": {"id": asking.client_id, "name": asking.client_name, "_links": {}},
    }


def scopes(asked: ConsentAsked) -> list[dict[str, Any]]:
    """Return what the user is asked to consent to."""
    return [
        {
            "name": scope.name,
            "displayName": scope.display_name,
            "description": scope.description,
        }
        for scope in asked.scopes
    ]


def factor_of(transaction: Transaction, user: directory.User) -> factors.Factor | None:
    """Return the factor that the transaction enrols or challenges."""
    if transaction.enrolling is not None:
        return transaction.enrolling
    return next((each for each in user.factors if each.id == transaction.factor_id), None)


def without_device(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a factor as it is shown before anything is proved: without the user's devices."""
    is_of_device = shown["provider"] == "OKTA" and shown["factorType"] in _OKTA_VERIFY
    return {**shown, "profile": {}} if is_of_device else shown


def factor_policy(situation: Situation | None) -> dict[str, Any]:
    """Return whether and how long a device may be remembered; None: this is the first proof."""
    if situation is None:
        return {
            "allowRememberDevice": False,
            "rememberDeviceLifetimeInMinutes": 0,
            "rememberDeviceByDefault": False,
            "factorsPolicyInfo": {},
        }
    rule = situation.rule
    minutes = 0 if rule.prompt == "DEVICE" else rule.factor_lifetime // timedelta(minutes=1)
    pushes = [each for each in situation.user.factors if each.key is FactorKey.OKTA_PUSH]
    return {
        "allowRememberDevice": rule.prompt != "ALWAYS",
        "rememberDeviceLifetimeInMinutes": minutes,
        "rememberDeviceByDefault": rule.remember_device_by_default,
        "factorsPolicyInfo": {each.id: {"autoPushEnabled": each.auto_push} for each in pushes},
    }


def password_policy(situation: Situation) -> dict[str, Any]:
    """Return the rules for a new password; the widget fails on members it does not know."""
    complexity, age = situation.passwords.complexity, situation.passwords.age
    shown: dict[str, Any] = {}
    if situation.expires_in is not None and situation.expires_in > timedelta():
        days = math.ceil(situation.expires_in / timedelta(days=1))
        shown["expiration"] = {"passwordExpireDays": days}
    shown["complexity"] = {
        "minLength": complexity.min_length,
        "minLowerCase": complexity.min_lower_case,
        "minUpperCase": complexity.min_upper_case,
        "minNumber": complexity.min_number,
        "minSymbol": complexity.min_symbol,
        "excludeUsername": complexity.exclude_username,
        "excludeAttributes": list(complexity.exclude_attributes),
    }
    shown["age"] = {"minAgeMinutes": age.min_age_minutes, "historyCount": age.history_count}
    return shown

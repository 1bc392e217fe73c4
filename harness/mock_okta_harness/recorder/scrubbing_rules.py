"""What may stand in a cassette, by name. What is in none of these tables may not.

Two kinds of scrubbing go by them. Secrets, ids and instants never get into a file. The user's data
are replaced too, by those of a test user, unless the org was made up for the recording.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = [
    "CLAIMS",
    "FIELDS",
    "HASHES",
    "HEADERS",
    "IDS",
    "INSTANTS",
    "KEY_FIELDS",
    "METADATA_STEPS",
    "OLD_INSTANTS",
    "PERSONAL",
    "PRESENCE_ONLY",
    "REQUEST_HEADERS",
    "SECRETS",
    "STAND_INS",
    "SUBJECT_STEPS",
]

# A field's name -> the placeholder's.
SECRETS = MappingProxyType(
    {
        name: name.replace("_hint", "")
        for name in (
            "access_token",
            "activation_token",
            "answer",
            "assertion",
            "client_assertion",
            "client_secret",
            "code",
            "code_challenge",
            "code_verifier",
            "cookie",
            "device_code",
            "device_secret",
            "id_token",
            "id_token_hint",
            "interaction_code",
            "interaction_handle",
            "nonce",
            "password",
            "recovery_token",
            "refresh_token",
            "request",
            "state",
            "token",
            "user_code",
        )
    }
    | {
        "activationToken": "activation_token",
        "deviceToken": "device_token",
        "interactionHandle": "interaction_handle",
        "newPassword": "new_password",
        "oldPassword": "old_password",
        "passCode": "passcode",
        "recoveryToken": "recovery_token",
        "relayState": "relay_state",
        "sessionToken": "session_token",
        "sharedSecret": "shared_secret",
        "sid": "session",
        "stateHandle": "state_handle",
        "stateToken": "state_token",
    }
)

# Made for one occasion.
IDS = frozenset({"jti", "errorId", "requestId", "transactionId"})
# Made of a token or a code.
HASHES = frozenset({"at_hash", "c_hash", "ds_hash"})
# A key's own -> the placeholder's name.
KEY_FIELDS = MappingProxyType(
    {"kid": "kid", "n": "key", "x5c": "certificate", "x5t": "thumbprint", "x5t#S256": "thumbprint"}
)

# Counted from the sign-in, as a number or in ISO 8601.
INSTANTS = frozenset({"auth_time", "exp", "expiresAt", "iat", "nbf"})
# Of the user's past, not of the sign-in.
OLD_INSTANTS = frozenset({"created", "lastUpdated", "passwordChanged", "updated_at", "lastLogin"})

# What discovery and the JWKS say is public, and without it there is nothing to compare.
METADATA_STEPS = frozenset({"discovery", "keys", "oauth-authorization-server"})
# Whose bodies are claims: what an org may name as it likes.
SUBJECT_STEPS = frozenset({"userinfo", "introspect"})

_ERRORS = frozenset({"error", "error_description", "errorCode", "errorSummary", "errorLink"})

# Claims whose values are the protocol's.
CLAIMS = _ERRORS | frozenset(
    [
        "active",
        "acr",
        "alg",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "cid",
        "client_id",
        "cnf",
        "email_verified",
        "exp",
        "iat",
        "iss",
        "jti",
        "kid",
        "nbf",
        "nonce",
        "phone_number_verified",
        "scope",
        "scp",
        "token_type",
        "typ",
        "ver",
    ]
)

# Fields of requests and of other responses whose values are the protocol's.
FIELDS = _ERRORS | frozenset(
    [
        "activeAuthenticators",
        "allow",
        "aud",
        "client_id",
        "code_challenge_method",
        "display",
        "expires_in",
        "expiresAt",
        "factorResult",
        "factorType",
        "grant_type",
        "href",
        "issued_token_type",
        "issuer",
        "max_age",
        "method",
        "multiOptionalFactorEnroll",
        "post_logout_redirect_uri",
        "prompt",
        "provider",
        "redirect_uri",
        "redirectUrl",
        "resource",
        "response_mode",
        "response_type",
        "scope",
        "status",
        "token_type",
        "token_type_hint",
        "type",
        "warnBeforePasswordExpired",
    ]
)

REQUEST_HEADERS = frozenset({"accept", "content-type", "authorization", "cookie", "origin"})

# Headers that clients go by. Others are of the org's web servers.
HEADERS = frozenset(
    [
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "content-type",
        "dpop-nonce",
        "expires",
        "location",
        "pragma",
        "referrer-policy",
        "retry-after",
        "set-cookie",
        "strict-transport-security",
        "www-authenticate",
        "x-content-type-options",
        "x-frame-options",
        "x-okta-request-id",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ]
)
# Those whose values say nothing on another day.
PRESENCE_ONLY = frozenset(
    [
        "dpop-nonce",
        "retry-after",
        "x-okta-request-id",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ]
)

# Values that are the user's own -> those of a test user.
PERSONAL = MappingProxyType(
    {
        "displayName": "Test User",
        "email": "tester@example.com",
        "family_name": "User",
        "firstName": "Test",
        "given_name": "Test",
        "lastName": "User",
        "locale": "en_US",
        "login": "tester@example.com",
        "login_hint": "tester@example.com",
        "name": "Test User",
        "preferred_username": "tester@example.com",
        "timeZone": "America/Los_Angeles",
        "uid": "00u1tester00000000h7",
        "user_id": "00u1tester00000000h7",
        "username": "tester@example.com",
        "zoneinfo": "America/Los_Angeles",
    }
)

# The org's own names -> those that stand for them.
STAND_INS = MappingProxyType(
    {
        "client_id": "0oa1spa00000000000h7",
        "redirect_uri": "http://localhost:8080/authorization-code/callback",
        "logout_redirect_uri": "http://localhost:8080",
        "authorization_server": "default",
        "idp": "00o1org00000000000h7",
    }
)

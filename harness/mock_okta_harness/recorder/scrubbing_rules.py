"""The values that may be in a cassette, by name. All others are replaced.

Secrets, ids and times are never written. The user's data are replaced by those of a test user,
unless the org was started for the recording.
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

# One-time values.
IDS = frozenset({"jti", "errorId", "requestId", "transactionId"})
# Derived from a token or a code.
HASHES = frozenset({"at_hash", "c_hash", "ds_hash"})
# Fields of a key -> the placeholder's name.
KEY_FIELDS = MappingProxyType(
    {"kid": "kid", "n": "key", "x5c": "certificate", "x5t": "thumbprint", "x5t#S256": "thumbprint"}
)

# Counted from the sign-in, as a number or in ISO 8601.
INSTANTS = frozenset({"auth_time", "exp", "expiresAt", "iat", "nbf"})
# Times in the user's past, not of the sign-in.
OLD_INSTANTS = frozenset({"created", "lastUpdated", "passwordChanged", "updated_at", "lastLogin"})

# Discovery and the JWKS are public, and they have to be compared.
METADATA_STEPS = frozenset({"discovery", "keys", "oauth-authorization-server"})
# Bodies that are claims: an org can choose their names.
SUBJECT_STEPS = frozenset({"userinfo", "introspect"})

_ERRORS = frozenset({"error", "error_description", "errorCode", "errorSummary", "errorLink"})

# Claims with public values.
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

# Fields of requests and other responses with public values.
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

# Headers that clients use. Others come from the org's web servers.
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
# Headers whose values differ every time.
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

# The user's values -> those of a test user.
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

# The org's names -> their replacements.
STAND_INS = MappingProxyType(
    {
        "client_id": "0oa1spa00000000000h7",
        "redirect_uri": "http://localhost:8080/authorization-code/callback",
        "logout_redirect_uri": "http://localhost:8080",
        "authorization_server": "default",
        "idp": "00o1org00000000000h7",
    }
)

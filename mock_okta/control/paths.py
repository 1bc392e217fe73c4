"""Where `/_mock` serves what, for the server and its clients."""

from enum import StrEnum

__all__ = ["Path"]


class Path(StrEnum):
    """Paths in aiohttp's notation: `{name}` is one segment, `{name:.+}` one or more."""

    HEALTH = "/_mock/health"
    READY = "/_mock/ready"
    OPENAPI = "/_mock/openapi.json"
    ORG = "/_mock/org"
    SEED = "/_mock/seed"
    RESET = "/_mock/reset"
    USER = "/_mock/users/{user}"
    LIFECYCLE = "/_mock/users/{user}/lifecycle/{verb}"
    CLIENT = "/_mock/clients/{client_id}"
    AUTHORIZATION_SERVER = "/_mock/authorization_servers/{id}"
    TRUSTED_ORIGIN = "/_mock/trusted_origins/{origin:.+}"
    API_TOKEN = "/_mock/api_tokens/{token}"
    RATE_LIMIT = "/_mock/rate_limits/{path:.+}"
    PASSWORD_POLICY = "/_mock/password_policies/{name}"
    SIGN_ON_POLICY = "/_mock/sign_on_policies/{name}"
    ENROLLMENT_POLICY = "/_mock/enrollment_policies/{name}"
    AUTHENTICATION_POLICY = "/_mock/authentication_policies/{name}"
    SNAPSHOTS = "/_mock/snapshots"
    SNAPSHOT = "/_mock/snapshots/{name}"
    RESTORE = "/_mock/snapshots/{name}/restore"
    CLOCK = "/_mock/clock"
    ADVANCE = "/_mock/clock/advance"
    SESSIONS = "/_mock/sessions"
    SESSION = "/_mock/sessions/{id}"
    TOKENS = "/_mock/tokens"
    ROTATE_KEYS = "/_mock/keys/rotate"
    OUTBOX = "/_mock/outbox"
    PUSHES = "/_mock/push"
    PUSH = "/_mock/push/{push_id}"
    REQUESTS = "/_mock/requests"
    FAULTS = "/_mock/faults"
    FAULT = "/_mock/faults/{id}"

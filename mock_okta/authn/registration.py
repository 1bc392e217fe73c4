"""Self-service registration: the form, and its submission (facts/classic D)."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.model.failures import LoginTaken, NotInTheForm, Unsuitable
from mock_okta.model.policies import Complexity, RegistrationPolicy
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.registration import LONGEST_FIELD, Registrations
from mock_okta.storage import Collection
from mock_okta.web.errors import ApiError, NotFound, ValidationFailed, json_response, okta_error
from mock_okta.web.json_bodies import lenient_json_of, text_of
from mock_okta.web.routing import Cors, Route

__all__ = ["RegistrationEndpoint"]

# How the widget's form checks a password while the user types; the symbol's is not in the sample.
_FORMATS = (
    ("min_number", "At least {} number(s)", "/[\\d]+/"),
    ("min_lower_case", "At least {} lowercase letter(s)", "/[a-z]+/"),
    ("min_upper_case", "At least {} uppercase letter(s)", "/[A-Z]+/"),
    ("min_symbol", "At least {} symbol(s)", "/[^a-zA-Z0-9]+/"),
)
_EXCLUDED = {
    "firstName": {"description": "Does not contain 'First name'", "format": "/^[#/firstName]/"},
    "lastName": {"description": "Does not contain 'Last name'", "format": "/^[#/lastName]/"},
}


class Registration(Struct, frozen=True, kw_only=True, rename="camel"):
    """A submitted form."""

    user_profile: dict[str, Any]
    relay_state: str | None = None


class RegistrationFailed(ApiError):
    """The whole registration is refused; `cause` holds the members that say why."""

    status = 400
    code = "E0000001"
    summary = "Api validation failed: null"
    cause: Mapping[str, str]

    def render(self, error_id: str) -> web.Response:
        body = okta_error(self.code, self.summary, error_id)
        body["errorCauses"] = [{"domain": "registration request", **self.cause}]
        return json_response(body, status=self.status)


class AlreadyRegistered(RegistrationFailed):
    """Another user has that login; the widget shows the cause, or a text of its own.

    The body is that of the widget's sample `ERROR_notUnique`. The text of 7.x names `location`. The
    cause does not begin with a field's name: the widget would show it beside that field, and the
    form may have no field `login`.
    """

    def __init__(self, title: str) -> None:
        super().__init__(remark="the login is taken")
        self.cause = {
            "errorSummary": f"A user with this {title} already exists",
            "location": title,
            "locationType": "body",
            "reason": "UNIQUE_CONSTRAINT",
        }


class UnknownAttribute(RegistrationFailed):
    """The form has no such attribute; Okta does not say which (samples-js-react#109)."""

    def __init__(self, name: str) -> None:
        super().__init__(remark=f"the form has no field {name!r}: see registration.fields")
        self.cause = {
            "errorSummary": "Registration cannot be completed at this time",
            "reason": "UNKNOWN",
        }


class RegistrationEndpoint(Struct, frozen=True, kw_only=True):
    """Serves the form of the org's registration policy, if it has one."""

    forms: Collection[RegistrationPolicy]
    policies: Policies
    registrations: Registrations

    def routes(self) -> tuple[Route, ...]:
        """Serve /api/v1/registration; the widget calls it without credentials."""
        path, cors = "/api/v1/registration", Cors.TRUSTED_ORIGINS_WITHOUT_COOKIES
        return (
            Route(method="GET", path=f"{path}/form", handler=self.show, cors=cors),
            Route(
                method="POST", path=f"{path}/{{policy_id}}/register", handler=self.take, cors=cors
            ),
        )

    async def show(self, _: web.Request) -> web.Response:
        """Describe the form."""
        policies = await self.forms.values()
        if not policies:
            raise _not_found("form")
        passwords = await self.policies.passwords(None)
        return json_response(_form(policies[0], passwords.complexity))

    async def take(self, request: web.Request) -> web.Response:
        """Make a user from a submitted form."""
        policy_id = request.match_info["policy_id"]
        policy = await self.forms.get(policy_id)
        if policy is None:
            raise _not_found(policy_id)
        sent = await lenient_json_of(request, Registration)
        profile = {name: text_of(value) for name, value in sent.user_profile.items()}
        try:
            token = await self.registrations.register(policy, profile, sent.relay_state)
        except NotInTheForm as failure:
            raise UnknownAttribute(str(failure)) from failure
        except Unsuitable as failure:
            raise ValidationFailed(failure.field, str(failure)) from failure
        except LoginTaken as failure:
            raise AlreadyRegistered(str(failure)) from failure
        return json_response({"activationToken": token})


def _not_found(name: str) -> NotFound:
    return NotFound(
        name, "Policy", remark="the org has no registration form: see 'registration' in the seed"
    )


def _form(policy: RegistrationPolicy, complexity: Complexity) -> Mapping[str, Any]:
    """Return the schema from which the widget builds its form; keys as in the sample."""
    named = {
        field.name: {
            "type": "string",
            "title": field.title,
            "minLength": 1,
            "maxLength": LONGEST_FIELD,
        }
        for field in policy.fields
    }
    password = {"type": "string", "title": "Password", "allOf": _checks(complexity)}
    email = {"type": "email", "title": "Email", "format": "email"}
    required = [field.name for field in policy.fields if field.required]
    return {
        "policyId": policy.id,
        "lastUpdate": int(policy.updated_at.timestamp() * 1000),
        "profileSchema": {
            "properties": {**named, "password": password, "email": email},
            "required": ["email", "password", *required],
            "fieldOrder": ["email", "password", *named],
        },
    }


def _checks(complexity: Complexity) -> list[dict[str, Any]]:
    least = complexity.min_length
    checks: list[dict[str, Any]] = [
        {"description": f"At least {least} character(s)", "minLength": least}
    ]
    for name, description, pattern in _FORMATS:
        count = getattr(complexity, name)
        if count:
            checks.append({"description": description.format(count), "format": pattern})
    if complexity.exclude_username:
        words = "Does not contain part of username"
        checks.append({"description": words, "format": "/^[#/userName]/"})
    return [*checks, *(_EXCLUDED[name] for name in complexity.exclude_attributes)]

"""The document of a transaction: what is offered, about what, for whom (facts/identity B)."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.idx.authenticators import (
    EMAIL,
    OKTA_VERIFY,
    PASSWORD,
    QUESTION,
    WEBAUTHN,
)
from mock_okta.idx.errors import Refusal
from mock_okta.idx.fast_pass import challenge_of_device, challenge_to_prove
from mock_okta.idx.ion import Ion, array, message, obj
from mock_okta.idx.passkeys import autofill_challenge
from mock_okta.idx.redirects import TOKEN_REDIRECT
from mock_okta.idx.remediations import Remediations
from mock_okta.idx.remediations.recovery import unlockable_by
from mock_okta.idx.remediations.remediation import Place
from mock_okta.idx.scenes import Scene
from mock_okta.idx.setting_up import password_settings, set_up_of, user_verification
from mock_okta.idx.transactions import state_token_of
from mock_okta.idx.user_agents import browser_of, system_of
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen, Shown

__all__ = ["Documents", "messages_alone"]

_INTENTS: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.SIGN_IN: "LOGIN",
        Purpose.RECOVERY: "RECOVERY",
        Purpose.UNLOCK: "UNLOCK_ACCOUNT",
        Purpose.REGISTRATION: "ENROLLMENT",
        Purpose.ACTIVATION: "LOGIN",
        Purpose.CONSENT: "CONSENT",
    }
)
_LISTS_ENROLLED = (Screen.CHOOSE_AUTHENTICATOR, Screen.CHOOSE_METHOD, Screen.CHALLENGE)
_LISTS_ENROLLABLE = (Screen.CHOOSE_ENROLMENT, Screen.ENROLMENT_DATA, Screen.ENROL)
_SETS_PASSWORD = (
    Screen.REGISTER,
    Screen.PASSWORD_EXPIRED,
    Screen.PASSWORD_WARNING,
    Screen.RESET_PASSWORD,
)


def messages_alone(refusal: Refusal) -> Ion:
    """Return the document of a transaction that is not there."""
    return {"version": "1.0.0", "messages": array([message(each) for each in refusal.shown])}


class Documents(Struct, frozen=True, kw_only=True):
    """Draws documents."""

    remediations: Remediations

    def of(self, scene: Scene, refusal: Refusal | None = None) -> Ion:
        """Return the document; a refusal stands above the form, or at the field that is wrong."""
        transaction = scene.transaction
        ends = refusal is not None and refusal.ends
        listed = [] if ends else self._forms(scene, Place.LIST)
        at_field = refusal is not None and bool(listed) and _put_at_field(listed[0], refusal)
        shown = _shown(scene, None if at_field else refusal)
        return {
            "version": "1.0.0",
            "stateHandle": transaction.handle,
            "expiresAt": wire_instant(transaction.expires_at),
            "intent": _intent(transaction),
            **({"remediation": array(listed)} if listed else {}),
            **({"messages": array([message(each) for each in shown])} if shown else {}),
            **({} if ends else self._about(scene)),
            **_whose(scene),
            **({} if ends else {f["name"]: f for f in self._forms(scene, Place.DOCUMENT)}),
            **_app(scene),
            **_client(scene),
            **_consented(scene),
            **_end(scene),
        }

    def _forms(self, scene: Scene, place: Place) -> list[Ion]:
        return [
            form
            for remediation in self.remediations.offered(scene)
            if remediation.place is place
            for form in remediation.forms(scene)
        ]

    def _about(self, scene: Scene) -> Ion:
        """Return what the forms relate to."""
        actions = {form["name"]: form for form in self._forms(scene, Place.CURRENT)}
        about = {
            **_current(scene, actions),
            **_lists(scene),
            **autofill_challenge(scene),
            **challenge_of_device(scene),
        }
        if scene.transaction.purpose is Purpose.RECOVERY:
            about["recoveryAuthenticator"] = obj(scene.body_of(PASSWORD))
        return about


def _current(scene: Scene, actions: Ion) -> Ion:
    """Return the authenticator that the screen is about, with what can be done with it."""
    current = scene.current
    password = scene.body_of(PASSWORD)
    if scene.screen is Screen.IDENTIFY:
        return {"currentAuthenticator": obj({**password, **actions})} if scene.asks_password else {}
    if _sets_password(scene):
        return {"currentAuthenticator": obj({**password, "settings": password_settings(scene)})}
    if "otp" in scene.transaction.draft:
        shown = {"contextualData": {"otp": str(scene.transaction.draft["otp"])}}
        return {"currentAuthenticator": obj({**scene.body_of(EMAIL), **shown})}
    if current is not None:
        context = {**_context_to_prove(scene), **challenge_to_prove(scene)}
        body = {**current.body(scene.transaction.method), **context, **actions}
        return {current.authenticator.stands_as: obj(body)}
    if scene.enrolling is not None:
        body = scene.enrolling.body(scene.transaction.method)
        return {
            "currentAuthenticator": obj({**body, **set_up_of(scene), **actions}),
            "enrollmentAuthenticator": obj(body),
        }
    return {}


def _sets_password(scene: Scene) -> bool:
    """Return whether the screen asks for a new password, also where it is part of a sign-up."""
    signs_up = scene.registration if scene.screen is Screen.REGISTER else None
    is_left_out = signs_up is not None and not signs_up.asks_password
    return scene.screen in _SETS_PASSWORD and not is_left_out


def _lists(scene: Scene) -> Ion:
    """Return the lists that options lead into."""
    if scene.screen is Screen.IDENTIFY_TO_UNLOCK:
        kinds = unlockable_by(scene)
        return {"authenticatorEnrollments": array([each.body() for each in kinds])}
    enrolled = {"authenticatorEnrollments": array([each.body() for each in scene.enrolled])}
    if scene.screen in _LISTS_ENROLLABLE:
        return {"authenticators": array([each.body() for each in scene.enrollable]), **enrolled}
    return enrolled if scene.screen in _LISTS_ENROLLED else {}


def _intent(transaction: IdentityTransaction) -> str:
    """Return what the sign-in is for; a page that shows a passcode has its own word for it."""
    intent = _INTENTS[transaction.purpose]
    return "AUTHENTICATION" if intent == "LOGIN" and "otp" in transaction.draft else intent


def _context_to_prove(scene: Scene) -> Ion:
    """Return what the page needs to ask for the proof."""
    transaction, factor = scene.transaction, scene.factor
    if factor is None:
        return {}
    match transaction.authenticator:
        case key if key == EMAIL and not scene.authenticators[EMAIL].settings.uses_magic_link:
            return {"contextualData": {"useEmailMagicLink": False}}
        case key if key == QUESTION:
            question = scene.current.body()["profile"] if scene.current is not None else {}
            return {"contextualData": {"enrolledQuestion": question}}
        case key if key == WEBAUTHN and transaction.challenge is not None:
            wanted = user_verification(scene)
            asked = {"challenge": transaction.challenge.value, "userVerification": wanted}
            return {"contextualData": {"challengeData": asked}}
        case key if key == OKTA_VERIFY and scene.number is not None:
            return {"contextualData": {"correctAnswer": str(scene.number)}}
        case _:
            return {}


def _shown(scene: Scene, refusal: Refusal | None) -> list[Shown]:
    own = scene.transaction.message
    return [*([own] if own is not None else []), *([] if refusal is None else refusal.shown)]


def _put_at_field(form: Ion, refusal: Refusal) -> bool:
    """Put the messages at the field that is wrong; return False if the form has no such field."""
    if refusal.field is None:
        return False
    forms, found = [form["value"]], []
    for names in refusal.field.split("."):
        known = names.split("|")
        found = [each for fields in forms for each in fields if each["name"] in known]
        forms = [fields for each in found for fields in _forms_in(each)]
    drawn = [each for each in found if each.get("mutable") is not False]
    for each in drawn:
        each["messages"] = array([message(shown) for shown in refusal.shown])
    return bool(drawn)


def _forms_in(field: Ion) -> list[list[Ion]]:
    """Return the fields of a nested form, or of each form that may be chosen."""
    chosen = [each["value"] for each in field.get("options", ())]
    nested = [each for each in (field, *chosen) if isinstance(each, dict) and "form" in each]
    return [each["form"]["value"] for each in nested]


def _whose(scene: Scene) -> Ion:
    user = scene.user
    if user is None or scene.screen is Screen.IDENTIFY:
        return {}
    return {"user": obj({"id": user.id, "identifier": user.login})}


def _app(scene: Scene) -> Ion:
    client = scene.client
    if client is None:
        return {}
    return {"app": obj({"name": "oidc_client", "label": client.name, "id": client.client_id})}


def _client(scene: Scene) -> Ion:
    """Return the browser that a passcode is for; where it is in the world is not known."""
    transaction = scene.transaction
    if transaction.screen is not Screen.ELSEWHERE or "otp" not in transaction.draft:
        return {}
    agent = transaction.user_agent
    named = {"browser": browser_of(agent), "os": system_of(agent), "location": {}}
    return {"client": obj(named)}


def _consented(scene: Scene) -> Ion:
    """Return whose authorization server asks for the user's consent."""
    issuer = scene.transaction.draft.get("issuer")
    if scene.screen is not Screen.CONSENT or issuer is None:
        return {}
    return {"authentication": obj({"protocol": "OAUTH2.0", "issuer": dict(issuer)})}


def _end(scene: Scene) -> Ion:
    """Return the way out of a sign-in that is over: a code for an app, or into a session."""
    transaction = scene.transaction
    if scene.screen is not Screen.SUCCESS:
        return {}
    if transaction.interaction is None:
        token = state_token_of(transaction.handle)
        href = f"{scene.url}{TOKEN_REDIRECT}?stateToken={token}"
        return {"success": {"name": "success-redirect", "href": href}}
    code = str(transaction.draft["interaction_code"])
    return {"successWithInteractionCode": _code_form(scene, code)}


def _code_form(scene: Scene, code: str) -> Ion:
    """Return the form whose fields are those of the token request."""
    interaction, client = scene.transaction.interaction, scene.client
    assert interaction is not None  # noqa: S101 -- the caller's own case
    server = interaction.server_id
    path = "/oauth2" if server == "org" else f"/oauth2/{server}"
    fields = [
        {"name": "grant_type", "required": True, "value": "interaction_code"},
        {"name": "interaction_code", "required": True, "value": code},
        {"name": "client_id", "required": True, "value": interaction.client_id},
    ]
    if client is not None and not client.is_public:
        fields.append({"name": "client_secret", "required": True})
    if interaction.code_challenge is not None:
        fields.append({"name": "code_verifier", "required": True})
    return {
        "rel": ["create-form"],
        "name": "issue",
        "href": f"{scene.url}{path}/v1/token",
        "method": "POST",
        "value": fields,
        "accepts": "application/x-www-form-urlencoded",
    }

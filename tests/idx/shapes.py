"""The rules that every ION document keeps: else pages die, or draw nothing (facts/identity B)."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["assert_keeps_the_rules", "broken_rules", "resolved"]

Body = Mapping[str, Any]
_ABOUT_ONE = (
    "authenticator-enrollment-data",
    "authenticator-verification-data",
    "challenge-authenticator",
    "challenge-poll",
    "enroll-authenticator",
    "enroll-poll",
    "enrollment-channel-data",
    "reenroll-authenticator",
    "reenroll-authenticator-warning",
    "reset-authenticator",
)
"""Forms whose page is drawn by the authenticator that they relate to."""
_OBJECTS = (
    "app",
    "authentication",
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "enrollmentAuthenticator",
    "recoveryAuthenticator",
    "user",
)
_ARRAYS = ("authenticatorEnrollments", "authenticators", "messages", "remediation")
_ENDS = ("success", "successWithInteractionCode")
_CLASSES = ("ERROR", "INFO", "SUCCESS", "WARNING")
_TYPES = ("boolean", "object", "string")
_RADIOS = ("channel", "methodType")
"""What the third generation draws from `options` alone, where the user has to choose."""


def assert_keeps_the_rules(body: Body) -> None:
    """Fail with every rule that the document breaks."""
    broken = list(broken_rules(body))
    assert not broken, "\n".join(broken)


def broken_rules(body: Body) -> Iterator[str]:
    """Yield each rule that the document breaks, in words."""
    if body.get("version") != "1.0.0":
        yield f"the version is {body.get('version')!r}"
    for name in _OBJECTS:
        if name in body and not _is_object(body[name]):
            yield f"{name} is no object with a value"
    for name in _ARRAYS:
        if name in body and not _is_array(body[name]):
            yield f"{name} is no array with a value"
    yield from _broken_frame(body)
    yield from _broken_forms(body)
    for path in _related(body):
        if not _resolves(body, path):
            yield f"{path} leads nowhere"
    for shown in _messages(body):
        yield from _broken_message(shown)
    yield from _broken_lists(body)


def _broken_forms(body: Body) -> Iterator[str]:
    for form in _forms(body):
        yield from _broken_form(body, form)
    for at, action in _actions(body):
        name = at.rpartition(".")[2]
        # The polling of Okta Verify alone is cancelled by another name (all samples of FastPass).
        if action.get("name") not in (name, "cancel-polling" if name == "cancel" else name):
            yield f"the action {at} is named {action.get('name')!r}"
        yield from _broken_form(body, action)


def resolved(body: Body, path: str | list[str]) -> Mapping[str, Any]:
    """Return what `relatesTo` leads to."""
    (path,) = [path] if isinstance(path, str) else path
    found: Any = body
    for part in path.removeprefix("$.").split("."):
        name, _, index = part.partition("[")
        found = found[name]
        if index:
            found = found[int(index.rstrip("]"))]
    return dict(found)


def _broken_frame(body: Body) -> Iterator[str]:
    forms = _forms(body)
    if "remediation" in body and not forms:
        yield "the list of remediations is empty"
    asks_elsewhere = bool(forms) and forms[0].get("name") == "email-challenge-consent"
    if forms and "cancel" not in body and not asks_elsewhere:
        yield "there is no way back to the first screen"
    ends = [name for name in _ENDS if name in body]
    if ends and (forms or len(ends) > 1):
        yield f"{ends} beside remediations, or one another"
    if not forms and not ends and "messages" not in body:
        yield "nothing is to be done, and nothing is said"
    names = [form.get("name") for form in forms if form.get("name") != "redirect-idp"]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{name} is offered twice"
    if (forms or ends) and not body.get("stateHandle"):
        yield "there is no state handle"


def _broken_form(body: Body, form: Body) -> Iterator[str]:
    name = form.get("name")
    if not str(form.get("href", "")).startswith("http"):
        yield f"{name} has no href"
    if name == "redirect-idp":
        if form.get("method") != "GET" or not form.get("type") or not form.get("idp", {}).get("id"):
            yield "redirect-idp does not name its provider"
        return
    for member, wanted in (("rel", ["create-form"]), ("method", "POST")):
        if form.get(member) != wanted:
            yield f"{name} has the {member} {form.get(member)!r}"
    if not form.get("accepts"):
        yield f"{name} does not say what it accepts"
    if str(name).endswith("poll") and not isinstance(form.get("refresh"), int):
        yield f"{name} does not say when to ask again"
    if name in _ABOUT_ONE and "relatesTo" not in form:
        yield f"{name} does not say which authenticator it is about"
    fields = form.get("value", [])
    handles = [each for each in fields if each.get("name") == "stateHandle"]
    posted = [(each["value"], each.get("mutable"), each.get("visible")) for each in handles]
    if posted != [(body.get("stateHandle"), False, False)]:
        yield f"{name} does not post the state handle once: {posted}"
    yield from _broken_fields(str(name), fields)


def _broken_fields(at: str, fields: Any) -> Iterator[str]:
    names = [each.get("name") for each in fields]
    if len(set(names)) < len(names) or not all(names):
        yield f"{at}: fields are named {names}"
    for each in fields:
        where = f"{at}.{each.get('name')}"
        if each.get("type", "string") not in _TYPES:
            yield f"{where} has the type {each['type']!r}"
        if "form" in each:
            yield from _broken_fields(where, each["form"]["value"])
        if isinstance(each.get("value"), Mapping) and "form" in each["value"]:
            yield from _broken_fields(where, each["value"]["form"]["value"])
        if each.get("name") in _RADIOS and each.get("required") and "options" not in each:
            yield f"{where} has nothing to choose from"
        if each.get("mutable") is False and "value" not in each:
            yield f"{where} is a constant without a value"
        yield from _broken_options(where, each)


def _broken_options(at: str, field: Body) -> Iterator[str]:
    if "options" not in field:
        return
    options = field["options"]
    if not options:
        yield f"{at} offers nothing"
    for number, option in enumerate(options):
        where = f"{at}[{number}]"
        if "label" not in option or "value" not in option:
            yield f"{where} has no label or no value"
        if isinstance(option.get("value"), Mapping):
            fields = option["value"].get("form", {}).get("value", [])
            yield from _broken_fields(where, fields)
            if at.endswith(".authenticator"):
                ids = [each for each in fields if each["name"] == "id"]
                if [(i.get("required"), i.get("mutable")) for i in ids] != [(True, False)]:
                    yield f"{where} does not post an id"
                if "relatesTo" not in option:
                    yield f"{where} does not say which authenticator it is"


def _broken_message(shown: Body) -> Iterator[str]:
    if not shown.get("message"):
        yield f"a message says nothing: {shown}"
    if not shown.get("i18n", {}).get("key"):
        yield f"a message has no key: {shown}"
    if shown.get("class") not in _CLASSES:
        yield f"a message is of no class: {shown}"


def _broken_lists(body: Body) -> Iterator[str]:
    """No authenticator twice, and no password where it is recovered: okta-auth-js would loop."""
    for form in _forms(body):
        if not str(form.get("name")).startswith("select-authenticator"):
            continue
        choices = [each for each in form["value"] if each["name"] == "authenticator"]
        options = [option for choice in choices for option in choice.get("options", ())]
        paths = [str(option.get("relatesTo")) for option in options]
        if len(set(paths)) < len(paths):
            yield f"{form['name']} lists one authenticator twice: {paths}"
        keys = [resolved(body, path)["key"] for path in paths if _resolves(body, path)]
        if "recoveryAuthenticator" in body and "okta_password" in keys:
            yield f"{form['name']} offers the password that is recovered"


def _forms(body: Body) -> list[Body]:
    found: list[Body] = body.get("remediation", {}).get("value", [])
    return found


def _actions(body: Body) -> Iterator[tuple[str, Body]]:
    """Yield what is posted from outside the list: of the document, and of its authenticators."""
    for name, part in body.items():
        if isinstance(part, Mapping) and "rel" in part and name not in _ENDS:
            yield name, part
        inner = part.get("value") if isinstance(part, Mapping) else None
        if isinstance(inner, Mapping):
            for key, each in inner.items():
                if isinstance(each, Mapping) and "rel" in each:
                    yield f"{name}.{key}", each


def _related(found: Any) -> Iterator[str]:
    """Yield every path that anything relates to."""
    if isinstance(found, Mapping):
        for name, each in found.items():
            if name == "relatesTo":
                yield from [each] if isinstance(each, str) else each
            else:
                yield from _related(each)
    elif isinstance(found, list):
        for each in found:
            yield from _related(each)


def _resolves(body: Body, path: str) -> bool:
    try:
        return isinstance(resolved(body, path), Mapping)
    except (KeyError, IndexError, TypeError, ValueError):
        return False


def _messages(found: Any) -> Iterator[Body]:
    """Yield every message, above the form and at its fields."""
    if isinstance(found, Mapping):
        for name, each in found.items():
            if name == "messages" and _is_array(each):
                yield from each["value"]
            else:
                yield from _messages(each)
    elif isinstance(found, list):
        for each in found:
            yield from _messages(each)


def _is_object(part: Any) -> bool:
    return part.get("type") == "object" and isinstance(part.get("value"), Mapping)


def _is_array(part: Any) -> bool:
    return part.get("type") == "array" and isinstance(part.get("value"), list)

"""What a screen is made of, in lines that can be compared with those of one of Okta's samples."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.idx.shapes import resolved

__all__ = ["differences", "lines_of"]

Body = Mapping[str, Any]
_CURRENT = (
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "enrollmentAuthenticator",
    "recoveryAuthenticator",
    "authentication",
)
_OPEN = ("activationData", "challengeData", "settings", "complexity", "age")
"""What an org, a user or a key fills in differently: that it is there says enough."""


def differences(body: Body, sample: Body) -> list[str]:
    """Return the lines of one alone: `+` what is ours alone, `-` what is the sample's alone."""
    ours, theirs = set(lines_of(body)), set(lines_of(sample))
    ours, theirs = _compared(ours, theirs), _compared(theirs, ours)
    return sorted([*(f"+ {each}" for each in ours), *(f"- {each}" for each in theirs)])


def _compared(lines: set[str], others: set[str]) -> set[str]:
    """Leave out what one has authenticators for that the other has not in its list."""
    options = {line.partition("]")[0] + "]" for line in others if "]" in line}
    left = lines - others
    return {line for line in left if "]" not in line or line.partition("]")[0] + "]" in options}


def lines_of(body: Body) -> Iterator[str]:
    """Yield a line for each field of the first form, member of the authenticators, and link."""
    first, *others = body.get("remediation", {}).get("value", [{}])
    if first:
        yield f"form {first['name']}"
        related = first.get("relatesTo", [])
        for path in [related] if isinstance(related, str) else related:
            yield f"{first['name']} relates to {path}"
        if "refresh" in first:
            yield f"{first['name']} has a refresh"
        yield from _beside(first)
        yield from _fields(first["name"], _shown(first.get("value", [])), body)
    for each in others:
        yield f"link {each['name']}"
        yield from _beside(each)
    for name in _CURRENT:
        if name in body:
            yield from _members(name, body[name].get("value", {}))


def _beside(form: Body) -> Iterator[str]:
    """Yield what few forms have beside their fields."""
    for name in ("scopes", "requestInfo"):
        for each in form.get(name, []):
            yield f"{form['name']} has {name} with {', '.join(sorted(each))}"
    if "idp" in form:
        yield f"{form['name']} has {', '.join(sorted(form))}"
        yield f"{form['name']} has an idp with {', '.join(sorted(form['idp']))}"


def _fields(at: str, fields: Iterable[Body], body: Body) -> Iterator[str]:
    for each in fields:
        where = f"{at}.{each['name']}"
        flags = [
            _type(each),
            *(["required"] if each.get("required") else []),
            *(["secret"] if each.get("secret") else []),
            *(["hidden"] if each.get("visible") is False else []),
            *(["constant"] if each.get("mutable") is False else []),
            *(["to choose"] if "options" in each else []),
        ]
        yield f"{where}: {' '.join(flags)}"
        nested = each.get("form") or {}
        if not nested and isinstance(each.get("value"), Mapping):
            nested = each["value"].get("form") or {}
        yield from _fields(where, nested.get("value", []), body)
        for number, option in enumerate(each.get("options", [])):
            if isinstance(option["value"], Mapping) and "form" in option["value"]:
                chosen = str(number)
                if "relatesTo" in option:
                    chosen = str(resolved(body, option["relatesTo"])["key"])
                fields_of_option = option["value"]["form"]["value"]
                yield from _fields(f"{where}[{chosen}]", fields_of_option, body)


def _shown(fields: Iterable[Body]) -> list[Body]:
    return [each for each in fields if each["name"] != "stateHandle"]


def _type(field: Body) -> str:
    """Return the type: what is left out is a string, or an object where forms are nested."""
    options = field.get("options") or [{"value": None}]
    values = [field.get("value"), options[0]["value"]]
    nests = "form" in field or any(isinstance(each, Mapping) for each in values)
    return "object" if nests else str(field.get("type", "string"))


def _members(at: str, value: Any) -> Iterator[str]:
    """Yield the members; of an action that it is one."""
    for name, each in value.items():
        where = f"{at}.{name}"
        if isinstance(each, Mapping) and "href" in each:
            yield f"{where}: an action"
        elif isinstance(each, Mapping) and name not in _OPEN:
            yield from _members(where, each)
        elif name in ("key", "type"):
            yield f"{where}: {each}"
        else:
            yield f"{where}: given"

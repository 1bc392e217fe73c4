"""The rules of documents, which `Following` holds every document to: what breaks one is found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.idx.enrolling import Enrolling
from tests.idx.shapes import broken_rules
from tests.visiting import LOGIN, PASSWORD

Body = dict[str, Any]


def _form(body: Body, at: int = 0) -> Any:
    return body["remediation"]["value"][at]


def _option(body: Body) -> Any:
    return _form(body)["value"][0]["options"][0]


def _twice(body: Body) -> None:
    body["remediation"]["value"].append(_form(body))


def _say(body: Body, **changes: Any) -> None:
    shown = {"message": "Text", "i18n": {"key": "a.key"}, "class": "INFO"} | changes
    body["messages"] = {"type": "array", "value": [shown]}


def _say_at_field(body: Body) -> None:
    shown = {"message": "Text", "i18n": {}, "class": "ERROR"}
    _form(body)["value"][0]["messages"] = {"type": "array", "value": [shown]}


def _end_too(body: Body) -> None:
    body["success"] = {"name": "success-redirect", "href": "http://localhost/"}


def _recover(body: Body) -> None:
    body["recoveryAuthenticator"] = {"type": "object", "value": {"type": "password"}}


def _list_twice(body: Body) -> None:
    _form(body)["value"][0]["options"].append(_option(body))


BREAKING: list[tuple[Callable[[Body], Any], str]] = [
    (lambda body: body.pop("version"), "the version is None"),
    (lambda body: body.pop("stateHandle"), "there is no state handle"),
    (lambda body: body.pop("cancel"), "there is no way back"),
    (lambda body: body.pop("authenticatorEnrollments"), "leads nowhere"),
    (lambda body: body["user"].pop("value"), "user is no object with a value"),
    (lambda body: body["remediation"].pop("type"), "remediation is no array"),
    (lambda body: body["remediation"]["value"].clear(), "remediations is empty"),
    (lambda body: body.pop("remediation"), "nothing is to be done"),
    (_end_too, "beside remediations"),
    (_twice, "is offered twice"),
    (lambda body: _form(body).pop("rel"), "has the rel None"),
    (lambda body: _form(body).pop("href"), "has no href"),
    (lambda body: _form(body).update(method="GET"), "has the method 'GET'"),
    (lambda body: _form(body).pop("accepts"), "what it accepts"),
    (lambda body: _form(body)["value"].pop(), "does not post the state handle"),
    (lambda body: _form(body)["value"][-1].pop("mutable"), "does not post the state handle"),
    (lambda body: _form(body)["value"][-1].update(value="other"), "does not post the state handle"),
    (lambda body: _form(body)["value"][-1].update(name="authenticator"), "fields are named"),
    (lambda body: _form(body)["value"][0].update(type="list"), "has the type 'list'"),
    (lambda body: _form(body)["value"][0]["options"].clear(), "offers nothing"),
    (lambda body: _option(body).pop("label"), "has no label"),
    (lambda body: _option(body).pop("relatesTo"), "which authenticator it is"),
    (lambda body: _option(body)["value"]["form"]["value"].pop(0), "does not post an id"),
    (lambda body: _option(body).update(relatesTo="$.authenticators.value[9]"), "leads nowhere"),
    (_list_twice, "lists one authenticator twice"),
    (_recover, "offers the password that is recovered"),
    (lambda body: _form(body).update(name="challenge-poll"), "when to ask again"),
    (lambda body: _form(body).update(name="challenge-authenticator"), "which authenticator"),
    (lambda body: _form(body).update(name="redirect-idp"), "does not name its provider"),
    (lambda body: body["cancel"].update(name="stop"), "the action cancel is named 'stop'"),
    (lambda body: _say(body, i18n={}), "has no key"),
    (lambda body: _say(body, message=""), "says nothing"),
    (lambda body: _say(body, **{"class": "FATAL"}), "of no class"),
    (_say_at_field, "has no key"),
]


@pytest.mark.parametrize(("spoil", "said"), BREAKING)
async def test_what_breaks_a_rule_is_found(
    enrolling: Enrolling, spoil: Callable[[Body], Any], said: str
) -> None:
    await enrolling.seed({"factor": "okta_email"}, primary_factor="PASSWORD_IDP_ANY_FACTOR")
    await enrolling.begin()
    document = await enrolling.take("identify", identifier=LOGIN)
    assert document.screen == "select-authenticator-authenticate"
    body = copy.deepcopy(dict(document.body))
    assert list(broken_rules(body)) == []
    spoil(body)
    found = list(broken_rules(body))
    assert any(said in each for each in found), found


async def test_a_method_to_choose_has_options(enrolling: Enrolling) -> None:
    """The third generation fails at a plain value."""
    await enrolling.seed({"factor": "okta_email"}, require_factor=True)
    await enrolling.begin()
    document = await enrolling.sign_in(LOGIN, PASSWORD)
    assert document.screen == "authenticator-verification-data"
    body = copy.deepcopy(dict(document.body))
    [field] = [f for f in _form(body)["value"][0]["form"]["value"] if f["name"] == "methodType"]
    field.pop("options")
    assert any("nothing to choose from" in each for each in broken_rules(body))

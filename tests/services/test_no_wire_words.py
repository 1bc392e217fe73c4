"""Services speak of things: words of a wire belong to the engine or the endpoint that uses them.

Docstrings may name what a wire calls a thing; code may not.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mock_okta.services
from mock_okta.authn.operations import PATHS
from mock_okta.model.directory import UserStatus
from mock_okta.model.transactions import Status
from mock_okta.web.hosted_pages import GOES_ON, RECOVERIES

SERVICES = Path(mock_okta.services.__file__).parent
MODULES = sorted(SERVICES.rglob("*.py"))

OF_LINKS = {"_links", "_embedded", "href", "hints", "rel"}
OF_CLASSIC = {*Status, "SESSION_STEP_UP"} - set(UserStatus)
OF_IDENTITY_ENGINE = {
    "remediation",
    "state_handle",
    "interaction_handle",
    "identify",
    "identify-recovery",
    "select-authenticator-authenticate",
    "select-authenticator-enroll",
    "challenge-authenticator",
    "enroll-authenticator",
    "reenroll-authenticator",
    "authenticator-verification-data",
    "authenticator-enrollment-data",
}
"""As okta-auth-js names them (its folder `lib/idx/remediators`)."""
PATHS_OF_ENGINES = ("/api/v1/authn", "/idp/idx")
PATHS_OF_PAGES = tuple(path.format(token="") for path in (GOES_ON, *RECOVERIES.values()))
CAMEL_CASE = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b")
ATTRIBUTES = {
    "firstName",
    "lastName",
    "middleName",
    "displayName",
    "nickName",
    "profileUrl",
    "secondEmail",
    "mobilePhone",
    "primaryPhone",
    "streetAddress",
    "zipCode",
    "countryCode",
}
"""Of a user's profile (Okta's Users API, default profile properties): data that users bring."""
OF_PYTHON = {"getLogger"}


def wire_words(source: str) -> Iterator[str]:
    """Yield each word of a wire, with its line."""
    tree = ast.parse(source)
    docstrings = set(_docstrings(tree))
    for node in ast.walk(tree):
        for word in _words(node):
            if node not in docstrings and _is_of_a_wire(word):
                yield f"line {getattr(node, 'lineno', '?')}: {word}"


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of docstrings: of modules, classes, functions and constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _words(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str(text)):
            return (text, *CAMEL_CASE.findall(text))
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            return (name,)
        case ast.arg(arg=name) | ast.alias(name=name) | ast.FunctionDef(name=name):
            return (name,)
        case ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case _:
            return ()


def _is_of_a_wire(word: str) -> bool:
    is_known = word in OF_LINKS | OF_CLASSIC | OF_IDENTITY_ENGINE
    is_camel = CAMEL_CASE.fullmatch(word) is not None and word not in ATTRIBUTES | OF_PYTHON
    return is_known or is_camel or any(path in word for path in PATHS_OF_ENGINES + PATHS_OF_PAGES)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SERVICES)))
def test_a_service_has_no_word_of_a_wire(module: Path) -> None:
    assert list(wire_words(module.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        'body = {"_links": 1}',
        'link = {"href": 1}',
        'body = {"factorResult": 1}',
        'raise SpentOrExpired("the stateToken is in use")',
        'path = f"{url}/api/v1/authn/factors"',
        'path = f"{url}/signin/reset-password/{token}"',
        "due = Status.MFA_REQUIRED",
        'status = "PASSWORD_WARN"',
        'name = "challenge-authenticator"',
        "def f(stateHandle): ...",
        "advance(transaction, sharedSecret=1)",
    ],
)
def test_a_word_of_a_wire_is_found(source: str) -> None:
    assert list(wire_words(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Shown by `_links` and `factorResult`."""',
        'x = 1\n"""What `stateToken` names."""',
        'name = user.profile.get("firstName")',
        "is_locked = user.status is UserStatus.LOCKED_OUT",
    ],
)
def test_docstrings_profile_attributes_and_statuses_of_users_are_no_words_of_a_wire(
    source: str,
) -> None:
    assert list(wire_words(source)) == []


def test_the_paths_of_classic_engine_are_those_that_are_looked_for() -> None:
    assert all(path.startswith(PATHS_OF_ENGINES) for path in PATHS.values())

"""The page generated from the routes that an org serves: the coverage of Okta's APIs."""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from mock_okta import Clock, Config, KeyPool
from mock_okta.app import build_app
from mock_okta.authn.operations import PATHS
from mock_okta.authn.transitions import BEGINNINGS, TRANSITIONS
from mock_okta.idx.remediations import OFFERED
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.routing import SERVED

_AREAS = (
    (re.compile(r"/oauth2|/\.well-known/o(penid|auth)"), "OAuth 2.0 and OpenID Connect"),
    (re.compile(r"/api/v1/authn|/api/v1/registration"), "Authentication API (Classic Engine)"),
    (re.compile(r"/idp/idx/"), "Identity Engine"),
    (re.compile(r"/api/v1/sessions"), "Sessions API"),
    (re.compile(r"/api/v1|/\.well-known"), "Users, factors and what tools ask first"),
    (re.compile(r"/okta-signin-widget|/assets"), "The widget's files"),
    (re.compile(r"/"), "Pages in the browser"),
)
_INTRODUCTION = (
    "What an org serves. Other paths answer 404; the log and the answer say if Okta has them."
)
_CITATION = re.compile(r"[\w -]* \d[\d.]*(?: and \d[\d.]*)?\.?")


def coverage() -> str:
    """Return the table of what is served, from the routes themselves."""
    pool = KeyPool()
    try:
        config, clock = Config(control=False), Clock()
        app = build_app(config, world_of(in_memory(clock), clock, pool), config.given_seed())
    finally:
        pool.close()
    areas: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    steps = {**dict(_steps_of_a_sign_in()), **_remediations()}
    for resource, served in app[SERVED].items():
        path = resource.canonical
        for method in served.policy.methods:
            said = _said_of(served.handlers[method]) or steps.get(path, "")
            areas[_area_of(path)][path, said].append(method)
    lines = ["# Coverage of Okta's API", "", _INTRODUCTION]
    for _, area in _AREAS:
        lines += ["", f"## {area}", "", "| request | what it does |", "| --- | --- |"]
        lines += [
            f"| `{', '.join(sorted(methods))} {path}` | {said} |"
            for (path, said), methods in sorted(areas[area].items())
        ]
    return "\n".join(lines)


def _steps_of_a_sign_in() -> Iterator[tuple[str, str]]:
    """Yield each path of the state machine with what it does, from the table of transitions."""
    for path, step in BEGINNINGS.items():
        yield path, _first_paragraph(step)
    for operation, path in PATHS.items():
        said: dict[str, list[str]] = defaultdict(list)
        for (status, allowed), step in TRANSITIONS.items():
            if allowed is operation:
                said[_first_paragraph(step)].append(str(status))
        if len(said) > 1:
            texts = [f"{', '.join(statuses)}: {text}" for text, statuses in said.items()]
        else:
            texts = list(said)
        yield path, " ".join(texts) or "Refused: no status allows it (403 E0000079)."


def _remediations() -> Mapping[str, str]:
    """Return what each path of the Identity Engine does, from the table of remediations."""
    said: dict[str, dict[str, None]] = defaultdict(dict)
    for remediation in chain.from_iterable(OFFERED.values()):
        said[f"/idp/idx/{remediation.path}"][_first_paragraph(remediation)] = None
    return {path: " ".join(texts) for path, texts in said.items()}


def _said_of(handler: object) -> str:
    """Return a handler's docstring; if that is only a citation, its class's docstring before it."""
    said = _first_paragraph(handler)
    if _CITATION.fullmatch(said):
        return f"{_first_paragraph(type(getattr(handler, '__self__', None)))} {said}"
    return said


def _first_paragraph(documented: object) -> str:
    text = inspect.cleandoc(inspect.getdoc(documented) or "").split("\n\n")[0]
    return " ".join(text.split())


def _area_of(path: str) -> str:
    return next(area for pattern, area in _AREAS if pattern.match(path))

"""Variables that the user names for a command, with the org's values in braces."""

import re
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["VariableError", "filled", "variables_in"]

_FIELDS = {
    "issuer": "ISSUER",
    "url": "OKTA_ORG_URL",
    "client_id": "CLIENT_ID",
    "client_secret": "CLIENT_SECRET",
    "audience": "OKTA_OAUTH2_AUDIENCE",
}
"""What may stand in braces, and the variable of a command that has the same value."""

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FIELD = re.compile(r"\{(\w+)\}")


class VariableError(ValueError):
    """A variable cannot be read; the message is one line."""


def variables_in(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each line `NAME=VALUE`, as in a `.env` file.

    Empty lines and those that begin with `#` are skipped. Quotes around a value are taken off.
    Raises VariableError.
    """
    for line in map(str.strip, lines):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise VariableError(f"{line!r} is not NAME=VALUE")
        value = value.strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        yield name, value[1:-1] if quoted else value


def filled(variables: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with the org's values, which `environment` has, in place of fields.

    A field without a value is empty. Raises VariableError for one that is not known.
    """

    def value_of(found: re.Match[str]) -> str:
        if found[1] not in _FIELDS:
            raise VariableError(f"{found[0]} is none of {', '.join(map('{{{}}}'.format, _FIELDS))}")
        return environment.get(_FIELDS[found[1]], "")

    return {name: _FIELD.sub(value_of, value) for name, value in variables.items()}

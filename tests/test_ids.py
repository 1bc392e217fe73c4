"""Ids, codes and tokens in Okta's shapes: facts/oauth F.8."""

import re
from collections.abc import Callable

import pytest

from mock_okta.ids import Ids, derived_id, derived_secret

SHAPES: list[tuple[str, Callable[[Ids], str]]] = [
    (r"00u[0-9A-Za-z]{17}", lambda ids: ids.object_id("00u")),
    (r"oae[\w-]{22}", Ids.error_id),
    (r"[0-9a-f]{32}", Ids.request_id),
    (r"102[\w-]{22}", Ids.session_id),
    (r"20111[\w-]{50}", Ids.session_token),
    (r"DI0[\w-]{22}", Ids.device_token),
    (r"[\w-]{43}", Ids.opaque),
    (r"[\w-]{22}", lambda ids: ids.opaque(16)),
]


@pytest.mark.parametrize(("shape", "make"), SHAPES)
def test_each_has_its_shape_and_no_two_are_the_same(shape: str, make: Callable[[Ids], str]) -> None:
    ids = Ids()
    made = [make(ids) for _ in range(500)]
    assert [value for value in made if not re.fullmatch(shape, value)] == []
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(("_shape", "make"), SHAPES)
def test_with_a_seed_they_are_the_same_in_every_run(
    _shape: str, make: Callable[[Ids], str]
) -> None:
    assert [make(Ids(7)) for _ in range(2)] == [make(Ids(7)) for _ in range(2)]
    assert make(Ids(7)) != make(Ids(8))
    assert make(Ids()) != make(Ids())


def test_derived_ids_depend_on_prefix_and_name_alone() -> None:
    first = derived_id("00u", "tester@example.com")
    assert re.fullmatch(r"00u[0-9A-Za-z]{17}", first)
    assert first == derived_id("00u", "tester@example.com")
    others = {derived_id("0oa", "tester@example.com")[3:], derived_id("00u", "other")[3:]}
    assert first[3:] not in others


def test_derived_secrets_depend_on_the_name_alone() -> None:
    first = derived_secret("0oa1web00000000000h7")
    assert re.fullmatch(r"[\w-]{64}", first)
    assert first == derived_secret("0oa1web00000000000h7")
    assert first != derived_secret("0oa2web00000000000h7")

"""The harness knows the words of the org: all of them, and no others."""

from collections.abc import Iterable
from inspect import isfunction
from typing import Any, get_args, get_type_hints

import pytest

from mock_okta.control import schema
from mock_okta.model.directory import UserStatus
from mock_okta.model.factors import FactorKey, PushAnswer
from mock_okta.model.faults import Fault
from mock_okta.model.messages import Channel, Message
from mock_okta.model.seed.grant_types import GrantType
from mock_okta.model.seed.policies import FactorName
from mock_okta.model.seed.users import StatusName
from mock_okta.services.users.lifecycle import Verb
from mock_okta_harness import builders, control, faults


@pytest.mark.parametrize(
    ("ours", "the_orgs"),
    [
        (StatusName, UserStatus),
        (control.Verb, Verb),
    ],
    ids=str,
)
def test_the_words_are_the_orgs(ours: Any, the_orgs: Iterable[str]) -> None:
    assert set(get_args(ours)) == {str(each) for each in the_orgs}


@pytest.mark.parametrize(
    ("function", "argument", "word"),
    [
        (builders.UserBuilder.with_factor, "factor", FactorName),
        (builders.UserBuilder.with_status, "status", StatusName),
        (builders.AppBuilder.granted, "grant_types", GrantType),
        (control.Control.change_user, "verb", control.Verb),
        (control.Control.wait_for_message, "channel", Channel | None),
        (schema.Push, "answer", PushAnswer),
        (schema.OrgFactor, "factor", FactorKey),
        (schema.OrgUser, "status", UserStatus),
        (schema.ChangedUser, "status", UserStatus),
    ],
)
def test_a_type_checker_knows_which_words_are_taken(
    function: object, argument: str, word: object
) -> None:
    words = {"FactorName": FactorName, "GrantType": GrantType, "Channel": Channel}
    words |= {"StatusName": StatusName, "Message": Message}
    names = {**vars(control), **vars(builders), **words}
    assert get_type_hints(function, localns=names)[argument] == word


def test_every_kind_of_fault_has_a_function_of_its_name() -> None:
    functions = {name for name, each in vars(faults).items() if isfunction(each)}
    kinds = {kind.__struct_config__.tag for kind in get_args(Fault)}
    assert functions - {"dataclass", "field", "replace"} == kinds

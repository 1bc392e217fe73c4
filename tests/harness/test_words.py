"""The harness knows the words of the org: all of them, and no others."""

from collections.abc import Iterable
from typing import Any, get_args, get_type_hints

import pytest

from mock_okta.model import faults as domain_faults
from mock_okta.model.directory import UserStatus
from mock_okta.model.pushes import PushAnswer
from mock_okta.model.records import Message
from mock_okta.model.seed import SeedClient
from mock_okta.model.seed.grant_types import GrantType
from mock_okta.model.seed.policies import FactorName
from mock_okta.services.users.lifecycle import Verb
from mock_okta_harness import builders, control, words
from mock_okta_harness.control import answers as facts

KINDS = [
    each.__struct_config__.tag
    for each in vars(domain_faults).values()
    if isinstance(each, type)
    and issubclass(each, domain_faults._Planned)
    and each.__subclasses__() == []
]


@pytest.mark.parametrize(
    ("ours", "the_orgs"),
    [
        (words.UserStatus, UserStatus),
        (words.Verb, Verb),
        (words.FactorName, get_args(FactorName)),
        (words.GrantType, get_args(GrantType)),
        (words.AppType, get_args(get_type_hints(SeedClient)["type"])),
        (words.Channel, get_args(get_type_hints(Message)["channel"])),
        (words.PushAnswer, PushAnswer),
        (words.TokenName, get_args(domain_faults.TokenName)),
        (words.FaultKind, KINDS),
    ],
    ids=str,
)
def test_the_words_are_the_orgs(ours: Any, the_orgs: Iterable[str]) -> None:
    assert set(get_args(ours)) == {str(each) for each in the_orgs}


@pytest.mark.parametrize(
    ("function", "argument", "word"),
    [
        (builders.UserBuilder.with_factor, "factor", words.FactorName),
        (builders.UserBuilder.with_status, "status", words.UserStatus),
        (builders.AppBuilder.granted, "grant_types", words.GrantType),
        (control.Control.change_user, "verb", words.Verb),
        (control.Control.wait_for_message, "channel", words.Channel | None),
        (facts.Push, "answer", words.PushAnswer),
        (facts.EnrolledFactor, "factor", words.FactorName),
        (facts.ChangedUser, "status", words.UserStatus),
    ],
)
def test_a_type_checker_knows_which_words_are_taken(
    function: object, argument: str, word: object
) -> None:
    names = {**vars(words), "Message": facts.Message}
    assert get_type_hints(function, localns=names)[argument] == word

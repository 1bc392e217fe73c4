"""Classic Engine has a status for every step that services may call due."""

from mock_okta.authn.operations import Operation
from mock_okta.authn.statuses import STATUS_OF, STEP_OF
from mock_okta.authn.transitions import TRANSITIONS
from mock_okta.model.progress import Step

# What only the Identity Engine asks for.
OF_IDENTITY_ENGINE = {Step.COMPLETE_PROFILE, Step.KEEP_SIGNED_IN}


def test_every_step_has_a_status_of_its_own() -> None:
    assert set(STATUS_OF) == set(Step) - OF_IDENTITY_ENGINE
    assert len(STEP_OF) == len(STATUS_OF)


def test_what_may_be_skipped_is_a_step() -> None:
    skippable = {status for status, operation in TRANSITIONS if operation is Operation.SKIP}
    assert skippable
    assert skippable <= set(STEP_OF)

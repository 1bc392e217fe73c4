"""Classic Engine has a status for every step that services may call due."""

from mock_okta.authn.operations import Operation
from mock_okta.authn.statuses import STATUS_OF, STEP_OF
from mock_okta.authn.transitions import TRANSITIONS
from mock_okta.model.progress import Step


def test_every_step_has_a_status_of_its_own() -> None:
    assert set(STATUS_OF) == set(Step)
    assert len(STEP_OF) == len(STATUS_OF)


def test_what_may_be_skipped_is_a_step() -> None:
    skippable = {status for status, operation in TRANSITIONS if operation is Operation.SKIP}
    assert skippable
    assert skippable <= set(STEP_OF)

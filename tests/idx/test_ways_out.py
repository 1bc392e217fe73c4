"""Each remediation is left by success, by refusal and by going back."""

import pytest

from mock_okta import Config
from mock_okta.idx.remediations import OFFERED
from mock_okta.idx.remediations.remediation import Remediation
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.idx.ways_out import WAYS_OUT

EVERY = pytest.mark.parametrize("remediation", WAYS_OUT, ids=lambda each: each.__name__)


@pytest.fixture
def config(hosted_config: Config) -> Config:
    """An org whose own pages have a widget, for devices and links."""
    return hosted_config


def _first_form(document: Document) -> str:
    return document.names[0] if document.names else ""


def _errors(document: Document) -> list[str]:
    """The keys of messages that say what is wrong."""
    shown = document.body.get("messages", {}).get("value", [])
    infos = {each["i18n"]["key"] for each in shown if each["class"] != "ERROR"}
    return [key for key in document.keys if key not in infos]


def test_the_table_has_every_remediation() -> None:
    assert set(WAYS_OUT) == {each for offered in OFFERED.values() for each in offered}


@EVERY
async def test_it_is_left_by_success(enrolling: Enrolling, remediation: type[Remediation]) -> None:
    ways = WAYS_OUT[remediation]
    await ways.reach(enrolling)
    left = await ways.succeeds(enrolling)
    assert (left.status, _first_form(left), _errors(left)) == (200, ways.leads_to, [])


@EVERY
async def test_it_is_left_by_refusal(enrolling: Enrolling, remediation: type[Remediation]) -> None:
    ways = WAYS_OUT[remediation]
    await ways.reach(enrolling)
    left = await ways.is_refused(enrolling)
    assert _errors(left) != []
    assert "successWithInteractionCode" not in left.body


@EVERY
async def test_it_is_left_by_going_back(
    enrolling: Enrolling, remediation: type[Remediation]
) -> None:
    ways = WAYS_OUT[remediation]
    await ways.reach(enrolling)
    left = await ways.goes_back(enrolling)
    assert (left.status, _first_form(left), _errors(left)) == (200, ways.goes_back_to, [])

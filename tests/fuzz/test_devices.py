"""Devices that ask, wait and are used, in any order: what each poll gets is known beforehand."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from mock_okta import MockOkta
from tests.fuzz.inputs import FUZZED
from tests.fuzz.person import Person
from tests.fuzz.registered import DEVICE, OTHER_TELEVISION, TELEVISION
from tests.fuzz.wire import Client, Reply, holds_markup
from tests.visiting import SPA

_LIFE, _INTERVAL = 600, 5


@dataclass
class Device:
    """The tests' own idea of a device code (RFC 8628 3.4, 3.5; facts/oauth D.9)."""

    age: int = 0
    decision: str | None = None
    is_used: bool = False
    polled_at: int | None = field(default=None)

    @property
    def is_over(self) -> bool:
        return self.age >= _LIFE

    def decide(self, decision: str) -> None:
        """The first decision stands; there is none on what is over."""
        if self.decision is None and not self.is_over:
            self.decision = decision

    def poll(self, client_id: str) -> set[str]:
        """What may be answered: an error, or `tokens`."""
        if client_id not in (TELEVISION, OTHER_TELEVISION):
            return {"unauthorized_client"}
        if client_id != TELEVISION or self.is_used:
            return {"invalid_grant"}
        if self.is_over:  # what is over may be forgotten
            return {"expired_token", "invalid_grant"}
        if self.decision == "allow":
            self.is_used = True
            return {"tokens"}
        return {"access_denied"} if self.decision is not None else {self._wait()}

    def _wait(self) -> str:
        before, self.polled_at = self.polled_at, self.age
        is_fast = before is not None and self.age - before < _INTERVAL
        return "slow_down" if is_fast else "authorization_pending"


polls = st.sampled_from((TELEVISION, TELEVISION, TELEVISION, OTHER_TELEVISION, SPA))
steps = st.one_of(
    polls.map(lambda client_id: ("poll", client_id)),
    st.sampled_from((1, 4, 5, 6, 300, 594, 600)).map(lambda seconds: ("wait", seconds)),
    st.sampled_from(("allow", "deny", "<fuzz>")).map(lambda decision: ("decide", decision)),
)
POLL, ALLOW = ("poll", TELEVISION), ("decide", "allow")


def _outcome(reply: Reply) -> str:
    error = (reply.json() or {}).get("error", "nothing")
    return "tokens" if reply.gives_tokens else str(error)


def _poll(person: Person, device_code: str, client_id: str) -> Reply:
    form = {"grant_type": DEVICE, "client_id": client_id, "device_code": device_code}
    return person.redeem(form.items(), {})


@pytest.fixture
def before_walks(client: Client) -> str:
    """The path that forgets a walk: a user may enter ten spent codes, and walks enter many."""
    assert client.send("PUT", "/_mock/snapshots/before-walks").status == 200
    return "/_mock/snapshots/before-walks/restore"


@FUZZED
@given(walk=st.lists(steps, max_size=8))
@example(walk=[POLL, POLL, ("wait", 6), POLL, ALLOW, POLL, POLL])
@example(walk=[("decide", "deny"), ALLOW, POLL, POLL])
@example(walk=[ALLOW, ("wait", 600), POLL])
def test_each_poll_gets_what_device_and_user_did_before(
    client: Client, fuzzed: MockOkta, before_walks: str, walk: list[tuple[str, str | int]]
) -> None:
    assert client.send("POST", before_walks).status == 204
    person, device = Person(fuzzed, client), Device()
    started = person.start_device(TELEVISION, "openid offline_access")
    browser: dict[str, str] = {}
    for kind, value in walk:
        if isinstance(value, int):
            fuzzed.clock.advance(timedelta(seconds=value))
            device.age += value
        elif kind == "decide":
            browser = browser or person.signed_in()
            reply = person.decide(started["user_code"], value, browser)
            device.decide(value)
            assert reply.status < 500, reply.body
            assert not holds_markup(reply.body.decode()), reply.body
        else:
            reply = _poll(person, started["device_code"], value)
            event(_outcome(reply))
            assert _outcome(reply) in device.poll(value), (walk, reply.body)


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_nobody_but_the_browser_that_was_asked_decides_on_a_device(
    client: Client, fuzzed: MockOkta, decision: str
) -> None:
    person = Person(fuzzed, client)
    started = person.start_device(TELEVISION, "openid")

    person.decide(started["user_code"], decision, {"Cookie": "idx=102nobodys"})

    reply = _poll(person, started["device_code"], TELEVISION)
    assert _outcome(reply) == "authorization_pending"

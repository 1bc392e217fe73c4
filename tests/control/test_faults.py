"""/_mock/faults over HTTP: a fault fires so often and no more often, is shown, and forgotten."""

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

from tests.control.planning import counts_of, plan_faults, statuses_of
from tests.visiting import Visitor

# How often


async def test_a_fault_fires_so_often_and_is_counted(visitor: Visitor) -> None:
    (planned,) = await plan_faults(visitor, {"kind": "status", "status": 500, "times": 3})
    assert planned["id"].startswith("flt")
    assert (planned["fired"], planned["left"]) == (0, 3)
    assert await statuses_of(visitor, *["/nowhere"] * 2) == [500] * 2
    assert await counts_of(visitor) == [(2, 1)]
    assert await statuses_of(visitor, *["/nowhere"] * 2) == [500, 404]
    assert await counts_of(visitor) == [(3, 0)]


async def test_of_many_requests_at_a_time_exactly_so_many_meet_it(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500, "times": 5})
    answers = await asyncio.gather(*(visitor.ask("GET", "/nowhere") for _ in range(64)))
    assert Counter(answer.status for answer in answers) == {500: 5, 404: 59}
    assert await counts_of(visitor) == [(5, 0)]


async def test_a_fault_that_never_fired_is_shown(visitor: Visitor) -> None:
    fault = {"kind": "jwks_stale", "path": "/oauth2/other/v1/keys", "times": 2}
    await plan_faults(visitor, {"kind": "dropped", "path": "/nowhere"}, fault)
    shown = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
    assert [(each["fired"], each["left"]) for each in shown] == [(0, 1), (0, 2)]
    assert shown[1]["fault"] == fault


async def test_a_fault_can_be_forgotten(visitor: Visitor) -> None:
    first, _ = await plan_faults(
        visitor, {"kind": "status", "status": 500}, {"kind": "status", "status": 501}
    )
    path = f"/_mock/faults/{first['id']}"
    assert (await visitor.ask("DELETE", path)).status == 204
    assert (await visitor.ask("DELETE", path)).status == 404
    assert await statuses_of(visitor, "/nowhere") == [501]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/_mock/faults"), ("POST", "/_mock/reset")]
)
async def test_all_are_forgotten_when_asked_and_by_a_reset(
    visitor: Visitor, method: str, path: str
) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500, "times": 9})
    assert (await visitor.ask(method, path)).status == 204
    assert await counts_of(visitor) == []
    assert await statuses_of(visitor, "/nowhere") == [404]


async def test_the_recorded_request_names_its_fault(visitor: Visitor) -> None:
    plan = [{"kind": "status", "status": 500}, {"kind": "dropped"}, {"kind": "truncated_json"}]
    planned = await plan_faults(visitor, *plan)
    await visitor.ask("POST", "/nowhere")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await visitor.ask("POST", "/nowhere")
    await visitor.ask("POST", "/nowhere")
    recorded = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    assert [each["fault"] for each in recorded] == [*(each["id"] for each in planned), None]
    assert [each["status"] for each in recorded] == [500, None, 404, 404]
    assert recorded[0]["remarks"] == [f"planned fault {planned[0]['id']}: status"]
    assert recorded[2]["response_body_size"] == len(recorded[2]["response_body"]) > 100


# What is refused


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"kind": "made_up"}, "kind"),
        ({}, "kind"),
        ({"kind": "dropped", "pth": "/x"}, "pth"),
        ({"kind": "dropped", "path": "x"}, "path"),
        ({"kind": "dropped", "times": 0}, "times"),
        ({"kind": "dropped", "times": "1"}, "times"),
        ({"kind": "status"}, "status"),
        ({"kind": "status", "status": 200}, "status"),
        ({"kind": "oauth_error"}, "error"),
        ({"kind": "oauth_error", "error": "a\r\nSet-Cookie: x"}, "error"),
        ({"kind": "oauth_error", "error": "a\n"}, "error"),
        ({"kind": "oauth_error", "error": 'a"'}, "error"),
        ({"kind": "delay", "seconds": 0}, "seconds"),
        ({"kind": "delay", "seconds": 61}, "seconds"),
        ({"kind": "slow_body"}, "seconds"),
        ({"kind": "clock_skew", "seconds": 10**12}, "seconds"),
        ({"kind": "broken_token", "broken": ["tampered"], "token": "refresh_token"}, "token"),
        ({"kind": "broken_token", "broken": ["x"]}, "broken"),
        ({"kind": "broken_token", "broken": []}, "broken"),
        ({"kind": "broken_token"}, "broken"),
    ],
    ids=str,
)
@pytest.mark.parametrize("as_a_list", [True, False])
async def test_a_mistaken_fault_is_refused_by_its_path(
    visitor: Visitor, fault: dict[str, Any], named: str, *, as_a_list: bool
) -> None:
    good = {"kind": "dropped"}
    answer = await visitor.ask("POST", "/_mock/faults", json=[good, fault] if as_a_list else fault)
    assert answer.status == 400
    assert answer.json()["errorCode"] == "E0000001"
    (cause,) = answer.json()["errorCauses"]
    assert named in cause["errorSummary"]
    assert ("[1]" in cause["errorSummary"]) is as_a_list
    assert await counts_of(visitor) == []


async def test_one_fault_needs_no_list(visitor: Visitor) -> None:
    answer = await visitor.ask("POST", "/_mock/faults", json={"kind": "status", "status": 500})
    assert len(answer.json()["faults"]) == 1


async def test_faults_without_end_are_refused_and_spent_ones_make_room(visitor: Visitor) -> None:
    fault = {"kind": "status", "status": 500, "path": "/nowhere"}
    await plan_faults(visitor, *[fault] * 1000)
    answer = await visitor.ask("POST", "/_mock/faults", json=fault)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert await statuses_of(visitor, "/nowhere") == [500]
    await plan_faults(visitor, fault)
    assert await counts_of(visitor) == [(0, 1)] * 1000

"""Which requests meet a planned fault: by method, path, client and user."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from tests.control.planning import CREDENTIALS, counts_of, plan_faults, statuses_of
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    OTHER_SPA,
    SECRET,
    SERVICE,
    SPA,
    Answer,
    Visitor,
    basic,
)


@pytest.mark.parametrize(
    ("wanted", "meets"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/nowhere/at/all"}, True),
        ({"path": "/nowhere"}, False),
        ({"path": "/nowhere/*"}, True),
        ({"path": "*/at/*"}, True),
        ({"path": "*/at"}, False),
        ({"path": "/.owhere/at/all"}, False),
        ({"client_id": SPA}, True),
        ({"client_id": OTHER_SPA}, False),
        ({"user": "nobody@example.com"}, False),
        ({"method": "GET", "path": "/nowhere/*", "client_id": SPA}, True),
        ({"method": "GET", "path": "/nowhere/*", "client_id": OTHER_SPA}, False),
    ],
    ids=str,
)
async def test_a_fault_meets_what_fits_it(
    visitor: Visitor, wanted: dict[str, str], *, meets: bool
) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500, **wanted})
    answer = await visitor.ask("GET", f"/nowhere/at/all?client_id={SPA}")
    assert answer.status == (500 if meets else 404)


async def test_a_client_is_known_however_it_names_itself(visitor: Visitor) -> None:
    fault = {"kind": "status", "status": 500, "client_id": SERVICE}
    await plan_faults(visitor, {**fault, "times": 2})
    assert (await visitor.post("token", {"client_id": SPA})).status != 500
    assert (await visitor.post("token", {"client_id": SERVICE})).status == 500
    assert (await visitor.post("token", {}, headers=basic(SERVICE, SECRET))).status == 500


async def test_a_user_is_known_by_login_session_code_and_token(visitor: Visitor) -> None:
    tokens, code = await visitor.tokens(), await visitor.code()
    await visitor.sign_in()
    fault = {"kind": "status", "status": 500, "user": "Tester@example.com", "times": 9}
    await plan_faults(visitor, {**fault, "path": "*"})
    answers: list[Answer] = [
        await visitor.ask("POST", "/api/v1/authn", json=CREDENTIALS),
        await visitor.ask("GET", "/api/v1/sessions/me"),
        await visitor.userinfo(tokens["access_token"]),
        await visitor.redeem(code),
        await visitor.refresh(tokens["refresh_token"]),
    ]
    assert [answer.status for answer in answers] == [500] * 5


async def test_another_user_meets_nothing(visitor: Visitor) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    await plan_faults(visitor, {"kind": "status", "status": 500, "user": LOGIN})
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 200


async def test_who_calls_is_found_out_of_no_body_that_is_too_large(visitor: Visitor) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65536

    await plan_faults(visitor, {"kind": "status", "status": 500, "client_id": SPA})
    answer = await visitor.ask("POST", visitor.url("token"), data=chunks())
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")


async def test_the_control_api_preflights_and_widget_files_meet_nothing_unasked(
    visitor: Visitor,
) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500})
    await visitor.ask("GET", "/_mock/org")
    await visitor.ask("GET", "/okta-signin-widget/9.9.9/x.js")
    await visitor.ask("OPTIONS", "/api/v1/authn")
    assert await counts_of(visitor) == [(0, 1)]
    await plan_faults(visitor, {"kind": "status", "status": 500, "path": "/okta-signin-widget/*"})
    assert await statuses_of(visitor, "/okta-signin-widget/9.9.9/x.js") == [500]


async def test_each_request_meets_one_fault_the_oldest_first(visitor: Visitor) -> None:
    faults = [{"kind": "status", "status": status} for status in (500, 501, 502)]
    await plan_faults(visitor, *faults)
    assert await statuses_of(visitor, *["/nowhere"] * 4) == [500, 501, 502, 404]


async def test_a_query_is_no_part_of_the_path(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500, "path": "/nowhere"})
    assert await statuses_of(visitor, f"/nowhere?{urlencode({'a': '/b'})}") == [500]

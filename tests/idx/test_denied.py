"""A policy that comes to deny somebody who is in the middle of a sign-in."""

import pytest

from tests.idx.enrolling import Enrolling


@pytest.mark.parametrize("path", ["challenge/answer", "introspect", "cancel"])
async def test_who_is_denied_by_now_hears_so_whatever_is_asked(
    enrolling: Enrolling, path: str
) -> None:
    await enrolling.seed({"factor": "google_otp"}, require_factor=True)
    document = await enrolling.start()
    assert document.screen == "challenge-authenticator"
    await enrolling.change(access="DENY")
    handle = {"stateHandle": document.body["stateHandle"]}
    refused = await enrolling.post(f"/idp/idx/{path}", handle)
    assert (refused.status, refused.keys) == (403, ["security.access_denied"])
    assert refused.names == []


async def test_who_is_denied_by_now_enrols_nothing(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_email")
    await enrolling.change(access="DENY")
    refused = await enrolling.take("skip")
    assert (refused.status, refused.keys) == (403, ["security.access_denied"])
    assert document.body["version"] == refused.body["version"]

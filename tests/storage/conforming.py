"""Records of the conformance suite, and what its parts share."""

from datetime import UTC, datetime, timedelta

import pytest

from mock_okta import Clock
from mock_okta.model.directory import Login, User
from mock_okta.model.grants import RefreshToken
from mock_okta.model.sessions import SessionToken
from mock_okta.model.traffic import Exchange

CALLERS = 64


def marked(kept: Login) -> Login:
    """A change that can be counted."""
    return of(kept.user_id + "x")


def of(user_id: str) -> Login:
    """A small record that never expires."""
    return Login(user_id=user_id)


def one_more(kept: Login | None) -> Login:
    """A change that can be counted, and needs no record to begin with."""
    return of("x") if kept is None else marked(kept)


def user(name: str) -> User:
    """A user record, which sessions lead to."""
    at = datetime(2031, 1, 1, tzinfo=UTC)
    return User(
        id="00u1",
        login=name,
        password="mock-Password-1",
        profile={},
        group_ids=(),
        created_at=at,
        last_updated_at=at,
        password_changed_at=at,
    )


def granted(
    family: str, user_id: str = "00u1", client_id: str = "0oa1", *, at: datetime
) -> RefreshToken:
    """A record with several indexes."""
    return RefreshToken(
        family=family,
        server_id="default",
        client_id=client_id,
        user_id=user_id,
        scopes=("openid",),
        nonce=None,
        acr=None,
        amr=("pwd",),
        authenticated_at=at,
        ends_at=None,
        expires_at=at + timedelta(seconds=300),
    )


def exchange(name: str) -> Exchange:
    """A recorded request."""
    return Exchange(
        id=name,
        at=datetime(2031, 1, 1, tzinfo=UTC),
        method="GET",
        path="/",
        query="",
        headers=(),
        body=b"",
        body_size=0,
        status=200,
        response_headers=(),
        response_body=b"",
        response_body_size=0,
        remarks=(),
        user_id=None,
        fault=None,
    )


class Conforming:
    """A part of the suite: its tests want a fixture `storage` that uses the fixture `clock`."""

    @pytest.fixture
    def clock(self) -> Clock:
        clock = Clock()
        clock.freeze()
        return clock

    def token(self, clock: Clock, *, user_id: str = "00u1", lives: float = 300) -> SessionToken:
        return SessionToken(
            user_id=user_id,
            amr=("pwd",),
            authenticated_at=clock.now(),
            expires_at=clock.now() + timedelta(seconds=lives),
        )

"""`/_mock/users`: everything about the users of the org, and changes to one."""

import pyotp
from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.control.paths import Path
from mock_okta.control.users import user_or_none
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.seed.users import UserChange
from mock_okta.services.directory.lookup import group_names
from mock_okta.services.factors import Factors
from mock_okta.services.factors.totp import STEP
from mock_okta.services.seeding.user_changes import UserChanges
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound
from mock_okta.web.qr_codes import qr_code

__all__ = ["UsersResource"]

_SHOW_PASSCODES = (FactorKey.GOOGLE_OTP, FactorKey.OKTA_OTP)


class UsersResource(Struct, frozen=True, kw_only=True):
    """Shows users, with passwords and secrets (test data), and changes them."""

    storage: Storage
    changes: UserChanges
    clock: Clock
    factors: Factors

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/users and GET and PATCH below it."""
        return (
            Operation(
                "GET",
                Path.USERS,
                "Show all users, with passwords, factors and current passcodes.",
                self._list,
                answer=schema.DirectoryUsers,
            ),
            Operation(
                "GET",
                Path.USER,
                "Show one user, by id or login.",
                self._show,
                answer=schema.DirectoryUser,
            ),
            Operation(
                "GET",
                Path.FACTOR_QR,
                "Show the QR code by which an authenticator app learns a factor's secret (PNG).",
                self._draw,
                media_type="image/png",
            ),
            Operation(
                "PATCH",
                Path.USER,
                "Change a user's password, profile, groups or factors; no policy is asked.",
                self._change,
                body=UserChange,
                answer=schema.DirectoryUser,
            ),
        )

    async def _list(self, _: web.Request) -> schema.DirectoryUsers:
        users = await self.storage.users.values()
        return schema.DirectoryUsers(users=tuple([await self._shown(each) for each in users]))

    async def _show(self, request: web.Request) -> schema.DirectoryUser:
        return await self._shown(await self._user(request))

    async def _draw(self, request: web.Request) -> web.Response:
        user, factor_id = await self._user(request), request.match_info["id"]
        factor = next((each for each in user.factors if each.id == factor_id), None)
        if factor is None or factor.key not in _SHOW_PASSCODES:
            raise NotFound(factor_id, "Factor")
        uri = self.factors.kind(factor.key).enrolment(user, factor, None).uri
        return web.Response(body=await qr_code(uri or ""), content_type="image/png")

    async def _change(self, request: web.Request) -> schema.DirectoryUser:
        user = await self._user(request)
        change = await body_as(request, UserChange)
        return await self._shown(await self.changes.change(user, change))

    async def _user(self, request: web.Request) -> User:
        name = request.match_info["user"]
        user = await user_or_none(self.storage, name)
        if user is None:
            raise NotFound(name, "User")
        return user

    async def _shown(self, user: User) -> schema.DirectoryUser:
        return schema.DirectoryUser(
            id=user.id,
            login=user.login,
            password=user.password,
            status=user.status,
            profile=dict(user.profile),
            groups=tuple(await group_names(self.storage, user)),
            factors=tuple(self._factor(each) for each in user.factors),
            failures=user.failures,
            created_at=user.created_at,
            last_login_at=user.last_login_at,
            password_changed_at=user.password_changed_at,
            locked_at=user.locked_at,
        )

    def _factor(self, factor: Factor) -> schema.UserFactor:
        passcode, left = "", 0
        if factor.key in _SHOW_PASSCODES and factor.secret:
            now = int(self.clock.epoch())
            passcode, left = pyotp.HOTP(factor.secret).at(now // STEP), STEP - now % STEP
        return schema.UserFactor(
            id=factor.id,
            factor=factor.key,
            secret=factor.secret or "",
            status=factor.status,
            profile=dict(factor.profile),
            passcode=passcode,
            passcode_ends_in=left,
        )

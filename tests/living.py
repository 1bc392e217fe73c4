"""What an org gives to somebody, each with the question whether it still counts."""

from collections.abc import Awaitable, Callable

from tests.visiting import Visitor

Lives = Callable[[], Awaitable[bool]]


async def session(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return await visitor.session_id() is not None

    return lives


async def silent_sign_in(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return "code" in (await visitor.authorize({"prompt": "none"})).returned

    return lives


async def me(visitor: Visitor) -> Lives:
    await visitor.sign_in()

    async def lives() -> bool:
        return (await visitor.ask("GET", "/api/v1/users/me")).status == 200

    return lives


async def session_token(visitor: Visitor) -> Lives:
    token = await visitor.session_token()

    async def lives() -> bool:
        body = {"sessionToken": token}
        return (await visitor.ask("POST", "/api/v1/sessions", json=body)).status == 200

    return lives


async def code(visitor: Visitor) -> Lives:
    code = await visitor.code()

    async def lives() -> bool:
        return (await visitor.redeem(code)).status == 200

    return lives


async def refresh_token(visitor: Visitor) -> Lives:
    token = (await visitor.tokens())["refresh_token"]

    async def lives() -> bool:
        introspected = bool((await visitor.introspect(token))["active"])
        refreshed = (await visitor.refresh(token)).status == 200
        assert introspected is refreshed
        return refreshed

    return lives


async def access_token(visitor: Visitor) -> Lives:
    token = (await visitor.tokens({"scope": "openid"}))["access_token"]

    async def lives() -> bool:
        active = bool((await visitor.introspect(token))["active"])
        assert ((await visitor.userinfo(token)).status == 200) is active
        return active

    return lives


async def org_access_token(visitor: Visitor) -> Lives:
    token = (await visitor.tokens({"scope": "openid"}, server="org"))["access_token"]

    async def lives() -> bool:
        return (await visitor.userinfo(token, server="org")).status == 200

    return lives

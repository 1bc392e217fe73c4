"""The least work that aiohttp can do for a code flow: fixed answers, and two bare signatures.

The difference to the org is the org's own cost; the difference to the signatures is that of HTTP.
"""

import asyncio
import json
import sys
from itertools import count

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.event_loop import run
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["main"]

_KEY = SigningKey(rsa.generate_private_key(public_exponent=65537, key_size=2048))
_NUMBERS = count()


def main() -> None:
    """Serve on the port given on the command line, until the process ends."""
    run(_serve(int(sys.argv[1])))


async def _serve(port: int) -> None:
    app = web.Application()
    app.router.add_post("/api/v1/authn", _authenticate)
    app.router.add_get("/oauth2/default/v1/authorize", _authorize)
    app.router.add_post("/oauth2/default/v1/token", _redeem)
    app.router.add_get("/oauth2/default/v1/keys", _keys)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def _authenticate(request: web.Request) -> web.Response:
    await request.read()
    return _json({"sessionToken": "x" * 55})


async def _authorize(_: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "http://localhost/?code=x&state=x"})


async def _redeem(request: web.Request) -> web.Response:
    await request.read()
    return _json({"access_token": _token(), "id_token": _token()})


async def _keys(_: web.Request) -> web.Response:
    return _json({"keys": [dict(_KEY.jwk)]})


def _token() -> str:
    return _KEY.sign({"jti": str(next(_NUMBERS)), "padding": "x" * 300})


def _json(body: object) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")


if __name__ == "__main__":
    main()

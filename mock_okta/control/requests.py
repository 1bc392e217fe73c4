"""`/_mock/requests`: requests to the org, its answers, and its reasons."""

from collections.abc import Sequence

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation, query_as
from mock_okta.control.paths import Path
from mock_okta.control.recorded_requests import RecordedRequest, RecordedRequests, WantedRequests
from mock_okta.model.traffic import Caller, Exchange
from mock_okta.storage import Storage
from mock_okta.web.attribution import Callers, headers_of
from mock_okta.wildcards import fits

__all__ = ["RequestsResource"]


class RequestsResource(Struct, frozen=True, kw_only=True):
    """Shows recorded requests; those to `/_mock` and the widget's files are not recorded."""

    storage: Storage
    callers: Callers

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/requests."""
        return (
            Operation(
                "GET",
                Path.REQUESTS,
                "Show recorded requests with their answers, oldest first.",
                self._show,
                query=WantedRequests,
                answer=RecordedRequests,
            ),
            Operation("DELETE", Path.REQUESTS, "Delete all recorded requests.", self._clear),
        )

    async def _show(self, request: web.Request) -> RecordedRequests:
        wanted = query_as(request, WantedRequests)
        found: list[RecordedRequest] = []
        for exchange in _after(wanted.after, await self.storage.recorded_requests.values()):
            if wanted.method is not None and wanted.method.upper() != exchange.method:
                continue
            if wanted.status is not None and wanted.status != exchange.status:
                continue
            if wanted.path is not None and not fits(wanted.path, exchange.path):
                continue
            caller = await self.callers.of_exchange(exchange)
            if _is_of(caller, wanted):
                found.append(_shown(exchange, caller))
        return RecordedRequests(requests=tuple(found))

    async def _clear(self, _: web.Request) -> None:
        await self.storage.recorded_requests.clear()


def _after(last: str | None, exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return those after the one with that id; all if it is not there."""
    ids = [exchange.id for exchange in exchanges]
    return exchanges[ids.index(last) + 1 :] if last in ids else exchanges


def _is_of(caller: Caller, wanted: WantedRequests) -> bool:
    if wanted.client_id is not None and wanted.client_id != caller.client_id:
        return False
    return wanted.user is None or wanted.user.lower() == (caller.login or "").lower()


def _shown(exchange: Exchange, caller: Caller) -> RecordedRequest:
    answered = (
        (name.encode("utf-8", "replace"), value.encode("utf-8", "replace"))
        for name, value in exchange.response_headers
    )
    return RecordedRequest(
        id=exchange.id,
        at=exchange.at,
        method=exchange.method,
        path=_text(exchange.path),
        query=_text(exchange.query),
        headers=headers_of(exchange.headers),
        body=exchange.body.decode("utf-8", "replace"),
        body_size=exchange.body_size,
        client_id=None if caller.client_id is None else _text(caller.client_id),
        user=None if caller.login is None else _text(caller.login),
        status=exchange.status,
        response_headers=headers_of(answered),
        response_body=exchange.response_body.decode("utf-8", "replace"),
        response_body_size=exchange.response_body_size,
        remarks=tuple(map(_text, exchange.remarks)),
        fault=exchange.fault,
        milliseconds=exchange.milliseconds,
    )


def _text(value: str) -> str:
    """Return valid Unicode for JSON: a client may have sent half a surrogate pair."""
    return value.encode("utf-8", "replace").decode()

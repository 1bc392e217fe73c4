"""`/_mock/requests`: what was asked of the org, what it answered, and why."""

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.control.operations import Instant, Operation, query_as
from mock_okta.model.faults import PathPattern
from mock_okta.model.traffic import Caller, Exchange
from mock_okta.storage import Storage
from mock_okta.web.attribution import Callers, headers_of
from mock_okta.wildcards import fits

__all__ = ["RequestsResource"]


class WantedRequests(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which recorded requests; what is left out is any. In `path`, `*` is any characters."""

    method: str | None = None
    path: PathPattern | None = None
    client_id: str | None = None
    user: str | None = None
    status: int | None = None


class RecordedRequest(Struct, frozen=True, kw_only=True):
    """A request and its answer. Names of headers are in lower case.

    Bodies are text, cut to 16 KiB; the sizes are those of the whole, in octets. Path, query and
    each header are cut to 16 KiB too, and then end in `…`; of the headers 64 KiB are kept. `status`
    is null where the connection was dropped. `remarks` say what was decided and why. `fault`: the
    id of the planned fault that it met. `id` is the answer's X-Okta-Request-Id.
    """

    id: str
    at: Instant
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    body_size: int
    client_id: str | None
    user: str | None
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    response_body_size: int
    remarks: list[str]
    fault: str | None


class RecordedRequests(Struct, frozen=True, kw_only=True):
    """Of the last thousand requests, or 32 MiB of them, those that match, oldest first."""

    requests: list[RecordedRequest]


class RequestsResource(Struct, frozen=True, kw_only=True):
    """Shows what was recorded; `/_mock` itself and the widget's files are not."""

    storage: Storage
    callers: Callers

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/requests."""
        return (
            Operation(
                method="GET",
                path="/_mock/requests",
                summary="Show recorded requests with their answers, oldest first.",
                handler=self.show,
                query=WantedRequests,
                answer=RecordedRequests,
            ),
            Operation(
                method="DELETE",
                path="/_mock/requests",
                summary="Forget all recorded requests.",
                handler=self.clear,
            ),
        )

    async def show(self, request: web.Request) -> RecordedRequests:
        """Show recorded requests, oldest first."""
        wanted = query_as(request, WantedRequests)
        found = []
        for exchange in await self.storage.recorded_requests.values():
            if wanted.method is not None and wanted.method.upper() != exchange.method:
                continue
            if wanted.status is not None and wanted.status != exchange.status:
                continue
            if wanted.path is not None and not fits(wanted.path, exchange.path):
                continue
            caller = await self.callers.of_exchange(exchange)
            if _is_of(caller, wanted):
                found.append(_shown(exchange, caller))
        return RecordedRequests(requests=found)

    async def clear(self, _: web.Request) -> None:
        """Forget all recorded requests."""
        await self.storage.recorded_requests.clear()


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
        at=wire_instant(exchange.at),
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
        remarks=[_text(remark) for remark in exchange.remarks],
        fault=exchange.fault,
    )


def _text(value: str) -> str:
    """Return what JSON can hold: a client may have sent half a surrogate pair."""
    return value.encode("utf-8", "replace").decode()

"""The innermost middleware: renders every error, ours and aiohttp's, in Okta's form."""

import logging

from aiohttp import web

from mock_okta.services.world.key_pool import KeyFileError
from mock_okta.storage import StorageError
from mock_okta.web.errors import (
    InternalError,
    MalformedBody,
    MethodNotAllowed,
    ShownError,
    Unavailable,
    UnknownPath,
    ValidationFailed,
    WireError,
)
from mock_okta.web.masking import masked
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Handler

__all__ = ["rendered_errors"]

_LOG = logging.getLogger("mock_okta.errors")


async def rendered_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Render exceptions as answers, with the reason in the log."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        wire_error = _translated(error)
    except WireError as error:
        wire_error = error
    except (web.RequestPayloadError, ConnectionResetError) as error:
        wire_error = MalformedBody(remark=f"the body could not be read: {error}")
    except KeyFileError as error:  # for example a full disk: the next request tries again
        request[NOTES].level = logging.WARNING
        wire_error = InternalError(remark=str(error))
    except StorageError as error:  # for example a server that does not answer
        request[NOTES].level = logging.WARNING
        wire_error = Unavailable(remark=str(error))
    except Exception:  # noqa: BLE001 -- no request may get an unrendered 500
        _LOG.exception("Internal error: %s %s", request.method, masked(request.path))
        wire_error = InternalError()
    notes = request[NOTES]
    if wire_error.remark:
        notes.remarks.append(wire_error.remark)
    if isinstance(wire_error, ShownError) and notes.is_recorded:
        wire_error.recorded_as = notes.request_id
    return wire_error.render(notes.error_id)


def _translated(error: web.HTTPException) -> WireError:
    """Return Okta's error for one of aiohttp's."""
    match error.status:
        case 404:
            return UnknownPath()
        case 405:
            return MethodNotAllowed()
        case 413:
            return ValidationFailed("body", "body: The request is too large.")
        case _:
            return MalformedBody(remark=error.reason)

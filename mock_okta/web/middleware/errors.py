"""Innermost: renders every error, ours and aiohttp's, in Okta's own shape."""

import logging

from aiohttp import web

from mock_okta.services.world.key_ring import KeyFileError
from mock_okta.web.errors import (
    InternalError,
    MalformedBody,
    MethodNotAllowed,
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
    """Turn what was raised into an answer, and note in the log why."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        wire_error = _translated(error)
    except WireError as error:
        wire_error = error
    except (web.RequestPayloadError, ConnectionResetError) as error:
        wire_error = MalformedBody(remark=f"the body could not be read: {error}")
    except KeyFileError as error:  # such as a full disk: the next request tries again
        request[NOTES].level = logging.WARNING
        wire_error = InternalError(remark=str(error))
    except Exception:  # noqa: BLE001 -- nothing a client sends may end in a bare 500
        _LOG.exception("A defect of the server: %s %s", request.method, masked(request.path))
        wire_error = InternalError()
    notes = request[NOTES]
    if wire_error.remark:
        notes.remarks.append(wire_error.remark)
    return wire_error.render(notes.error_id)


def _translated(error: web.HTTPException) -> WireError:
    """Say in Okta's words what aiohttp refuses by itself."""
    match error.status:
        case 404:
            return UnknownPath()
        case 405:
            return MethodNotAllowed()
        case 413:
            return ValidationFailed("body", "body: The request is too large.")
        case _:
            return MalformedBody(remark=error.reason)

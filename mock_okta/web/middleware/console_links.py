"""Leads people from the org's answers to the console."""

from aiohttp import hdrs, web

from mock_okta.web.pages import CONSOLE_MARK, Page
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Handler

__all__ = ["linked_to_console"]

_LINK = '<a href="/_mock/console" target="_top">The console of this org</a>'
_FOOTER = f'<footer class="own">{_LINK}</footer>'


async def linked_to_console(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add a link to each page of ours, and to each answer with a reason the address of its line.

    The address is in the header `Link`, relation `help` (RFC 8288), so bodies are as Okta's.
    """
    response = await handler(request)
    notes = request[NOTES]
    if notes.is_recorded and notes.remarks:
        line = f'</_mock/console/requests#{notes.request_id}>; rel="help"'
        response.headers.add(hdrs.LINK, line)
    if isinstance(response, Page) and response.text is not None:
        response.text = response.text.replace(CONSOLE_MARK, _FOOTER)
    return response

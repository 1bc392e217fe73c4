"""QR codes, as pictures."""

import asyncio
import io

__all__ = ["qr_code"]

_SCALE = 4


async def qr_code(content: str) -> bytes:
    """Return a PNG, drawn in a thread."""
    return await asyncio.to_thread(_drawn, content)


def _drawn(content: str) -> bytes:
    """Draw it; the library is imported here, since most orgs draw nothing."""
    import segno  # noqa: PLC0415 -- see above

    octets = io.BytesIO()
    segno.make(content, micro=False).save(octets, kind="png", scale=_SCALE)
    return octets.getvalue()

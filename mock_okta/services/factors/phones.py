"""Phone numbers: normalizing, checking and masking them."""

import re

__all__ = ["is_phone_number", "masked_phone_number", "plain_phone_number"]

_NORTH_AMERICA = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}", re.ASCII)
_ELSEWHERE = re.compile(r"\+[2-9]\d{6,14}", re.ASCII)
_NATIONAL = re.compile(r"[2-9]\d{2}[2-9]\d{6}", re.ASCII)


def plain_phone_number(written: str) -> str:
    """Return the number in E.164, as Okta stores it: `+14155551234`.

    Without a country code it is a North American number.
    """
    digits = re.sub(r"[\s().\-\u2010-\u2015/]", "", written)
    return f"+1{digits}" if _NATIONAL.fullmatch(digits) else digits


def is_phone_number(number: str) -> bool:
    """Return whether a normalized number has as many digits as its country allows.

    Deviation: Okta knows the numbers and networks of each country. Here only North American numbers
    are checked closely; others have 7 to 15 digits (E.164).
    """
    return number.isascii() and bool(
        (_NORTH_AMERICA if number.startswith("+1") else _ELSEWHERE).fullmatch(number)
    )


def masked_phone_number(number: str) -> str:
    """Return the number as a user may see it who has proved only the password.

    `+1 XXX-XXX-6688`: the widget's sample `mfa-all-factors`. Unverified: numbers of other countries
    are masked as one group.
    """
    plain = plain_phone_number(number)
    if _NORTH_AMERICA.fullmatch(plain) or re.fullmatch(r"\+1\d{10}", plain):
        return f"+1 XXX-XXX-{plain[-4:]}"
    sign, digits = ("+", plain[1:]) if plain.startswith("+") else ("", plain)
    return f"{sign}{'X' * (len(digits) - 4)}{digits[-4:]}"

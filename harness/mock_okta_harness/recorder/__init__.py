"""Records a sign-in, and writes it to one of two kinds of file.

`mock-okta record sign-in --out FILE.yaml` writes a cassette: the whole sign-in without its secrets.
A cassette never expires: `load_cassette` returns tokens that are valid now, with the JWKS. `drift`
compares two cassettes. `mock-okta record tokens --out FILE.json` writes the tokens unchanged, with
their claims, the JWKS and the time to verify them at, for any language. In Python,
`load_tokens(FILE).verify()` returns the claims, or raises an error that says what is wrong.
"""

from mock_okta_harness.recorder.cassette import Cassette, CassetteError, read_cassette
from mock_okta_harness.recorder.drift import Difference, drift
from mock_okta_harness.recorder.loading import LoadedCassette, LoadedExchange, load_cassette
from mock_okta_harness.recorder.recorded_tokens import (
    RecordedTokens,
    VerificationError,
    load_tokens,
)

__all__ = [
    "Cassette",
    "CassetteError",
    "Difference",
    "LoadedCassette",
    "LoadedExchange",
    "RecordedTokens",
    "VerificationError",
    "drift",
    "load_cassette",
    "load_tokens",
    "read_cassette",
]

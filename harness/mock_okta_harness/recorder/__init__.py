"""Records a sign-in, and writes one of two files of it.

`mock-okta record sign-in --out FILE.yaml` writes a cassette: the whole sign-in without its secrets,
which never expires. `load_cassette` gives tokens that are valid now, with the JWKS; `drift`
compares two.
`mock-okta record tokens --out FILE.json` writes the tokens as they were, with their claims, the
JWKS and the instant to verify them at, for any language. In Python, `load_tokens(FILE).verify()`
gives the claims or says what is wrong.
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

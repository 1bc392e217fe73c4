"""Records sign-ins: to cassettes, which never expire, and tokens to be verified as they were.

`mock-okta record sign-in --out FILE.yaml` records a whole sign-in, without its secrets;
`load_cassette` gives tokens that are valid now, with the JWKS. `drift` compares two.
`mock-okta record tokens --out FILE` records tokens as they are; `load(FILE).verify()` gives the
claims or says what is wrong.
"""

from mock_okta_harness.recorder.cassette import Cassette, CassetteError, read_cassette
from mock_okta_harness.recorder.drift import Difference, drift
from mock_okta_harness.recorder.loading import LoadedCassette, LoadedExchange, load_cassette
from mock_okta_harness.recorder.recorded import Origin, Recorded, VerificationError, load

__all__ = [
    "Cassette",
    "CassetteError",
    "Difference",
    "LoadedCassette",
    "LoadedExchange",
    "Origin",
    "Recorded",
    "VerificationError",
    "drift",
    "load",
    "load_cassette",
    "read_cassette",
]

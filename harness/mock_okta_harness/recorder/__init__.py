"""Records the tokens of a real sign-in; verifies them later, at the recorded instant.

`python -m mock_okta_harness.recorder --out FILE` records; `load(FILE).verify()` gives the claims or
says what is wrong.
"""

from mock_okta_harness.recorder.recorded import Origin, Recorded, VerificationError, load

__all__ = ["Origin", "Recorded", "VerificationError", "load"]

"""What Okta does not have, for tests: planned faults, recorded requests, minted tokens."""

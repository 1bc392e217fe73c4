"""What tests use beside Okta's own features: faults, recorded requests, minted tokens."""

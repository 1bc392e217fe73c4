"""The Okta Sign-In Widget: installs, verifies and serves its releases.

The widget itself is not part of this package: releases come from the npm registry.
"""

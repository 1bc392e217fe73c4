"""The Okta Sign-In Widget: getting, verifying and serving its releases, and the page that shows it.

Nothing of the widget itself is part of this package: a release comes from the npm registry.
"""

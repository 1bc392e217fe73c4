"""The part of the management API that a signed-in page asks for. Left out so far: all the rest."""

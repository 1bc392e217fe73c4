"""The part of the management API that signed-in pages and tools ask first; the rest is left out."""

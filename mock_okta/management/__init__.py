"""The part of the management API that signed-in pages and tools use first; the rest is left out."""

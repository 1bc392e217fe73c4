"""Measure how strong the tests are: change the server a little, and see whether a test fails."""

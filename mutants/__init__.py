"""Measures how strong the tests are: changes the server a little, and sees if a test fails."""

"""`/_mock/console`: pages over the test's own API. It is not part of Okta.

The server sends each page's frame and forms, without any data of the org; small ES modules ask
`/_mock` for the data, so the guard of the API is the guard of the console. To add a room: a line in
`rooms.py`, and a module of its name in `assets/`.
"""

"""Sessions: `/api/v1/sessions`, and the URLs that start and end them (facts/oauth I).

Left out: sessions by id and by API token, which belong to management.
"""

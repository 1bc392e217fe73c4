"""Sessions: `/api/v1/sessions`, and the browser's ways in and out (facts/oauth I).

Left out: sessions by id and by API token, which are management.
"""

"""What an org is made of: frozen records and failures; no I/O, no clock."""

"""Users: passwords, lifecycle, recovery, registration."""

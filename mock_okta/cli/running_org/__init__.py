"""Commands that look at a running org and change it, by its control API (`/_mock`)."""

"""Rules, one function each, named as a true sentence; tuples say which apply and in which order."""

"""Rules, one function each, named as a true sentence; tuples list them in order."""

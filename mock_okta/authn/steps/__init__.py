"""Steps of the state machine, one class for each subject: `transitions` says when each is due.

What all of them share is in `settling`.
"""

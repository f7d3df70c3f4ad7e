"""What an office owes people for their data: time to keep, erasure, consent, correction, breach, odd access.

They are functions over a session, like the engine's: the caller opens the transaction and commits it.
"""

"""The worked cases of the demonstration carried from complaint to close, by what stands on the screen alone."""

"""The worked cases of the demonstration carried from complaint to close, by what the screen says alone."""

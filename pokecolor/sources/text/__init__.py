"""Instructions for drawings whose parts and colors are known."""

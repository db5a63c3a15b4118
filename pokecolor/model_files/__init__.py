"""Loading of other people's models: complete, as data alone, or refused in one line."""

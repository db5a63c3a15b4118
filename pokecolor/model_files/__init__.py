"""Models that others have written: read whole, as data, or refused in one line."""

"""Colors a sketch of any size by instruction."""

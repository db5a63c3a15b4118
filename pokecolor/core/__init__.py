"""Shared by all other packages, none of which it imports: records, errors, colors, files."""

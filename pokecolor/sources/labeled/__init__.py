"""Drawings by other people, with hand-labeled parts."""

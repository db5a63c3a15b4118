"""Drawings by strangers whose parts were labeled by hand."""

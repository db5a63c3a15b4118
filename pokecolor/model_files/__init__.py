"""Loads models, the bundled one and others; incomplete ones, and files with code, are refused."""

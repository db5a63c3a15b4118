"""Loads models; refuses incomplete ones and files that can run code."""

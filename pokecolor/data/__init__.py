"""Shards, caches, batches and the data module."""

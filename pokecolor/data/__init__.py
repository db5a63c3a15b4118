"""Drawings in, batches out: sources, shards, caches and the data module."""

"""Sources of drawings, shards, caches and the data module."""

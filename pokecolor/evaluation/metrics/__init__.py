"""Metrics, one per file; `registry.py` lists them."""

"""Metrics, reports and comparisons."""

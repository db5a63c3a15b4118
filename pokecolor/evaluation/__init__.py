"""Evaluation: generates images of a test set, scores them, writes reports and comparisons."""

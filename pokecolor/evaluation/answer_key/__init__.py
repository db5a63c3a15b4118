"""Drawings without ground truth, with points whose right colors are known."""

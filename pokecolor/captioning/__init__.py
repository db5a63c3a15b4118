"""Captioners, the caption store, and the audit of captions."""

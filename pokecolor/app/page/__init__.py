"""The page, tab by tab, and the API beside it."""

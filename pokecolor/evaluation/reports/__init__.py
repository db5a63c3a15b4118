"""Reports of a pipeline, and comparisons of several."""

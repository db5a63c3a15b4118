"""Sources of drawings: data sets, the user's folders, and generators."""

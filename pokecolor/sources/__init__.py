"""Sources of drawings: data sets, users' folders, and generators."""

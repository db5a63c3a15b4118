"""Runs the scripts: configuration, overrides, run folders, sweeps, exit codes."""

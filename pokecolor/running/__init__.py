"""How a script runs: its configuration, run folders, sweeps, exit codes."""

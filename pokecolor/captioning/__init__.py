"""Where the instructions come from."""

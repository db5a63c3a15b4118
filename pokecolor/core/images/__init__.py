"""Reading, checking and converting images."""

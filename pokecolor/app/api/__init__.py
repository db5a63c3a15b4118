"""The HTTP API: what is sent and answered, and the routes."""

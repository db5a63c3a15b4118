"""Sources of drawings, and everything between them and the training loop."""

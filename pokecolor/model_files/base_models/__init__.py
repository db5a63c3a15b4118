"""The diffusion models that can be trained and drawn with, one a file, behind one interface."""

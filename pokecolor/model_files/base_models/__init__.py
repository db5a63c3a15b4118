"""The supported diffusion models, one per file, behind one interface."""

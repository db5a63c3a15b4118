"""Training of InstructPix2Pix models: components, losses, checkpoints and export."""

"""Training of mini's CLIP, VAE and text encoder."""

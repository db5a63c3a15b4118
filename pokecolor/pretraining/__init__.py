"""How the CLIP and the VAE of `mini` are trained."""

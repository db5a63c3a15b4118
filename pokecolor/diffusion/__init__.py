"""InstructPix2Pix: its components, training and export."""

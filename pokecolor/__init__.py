"""Color line drawings by instruction, with InstructPix2Pix."""

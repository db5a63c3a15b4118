"""InstructPix2Pix: its parts, how it is trained, and the pipeline that comes out."""

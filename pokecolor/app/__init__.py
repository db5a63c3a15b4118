"""The web service: choose or draw a sketch, type an instruction, get it in color."""

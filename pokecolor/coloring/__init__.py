"""Colors a sketch of any size by instruction: line art, model, transfer of the colors."""

"""Sketch2Pokemon, and captions of Pokémon."""

"""The web service: draw or pick a sketch, say what it should become, get it in color."""

"""Loading of models: the bundled one, and others, complete, as data alone, or refused."""

"""Lightning callbacks: checkpoints, sample grids, logging, export."""

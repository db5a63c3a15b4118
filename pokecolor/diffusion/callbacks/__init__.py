"""What happens beside training: checkpoints, sample grids, read-outs, export."""

"""What every training shares: step guard, checkpoints, resuming, schedules, logging."""

"""Where drawings come from and how they reach the trainer."""

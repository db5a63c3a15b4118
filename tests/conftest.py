"""Settings that hold for every test."""

import os

# before any test imports a library that reads them
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["WANDB_MODE"] = "offline"

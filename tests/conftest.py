"""Settings that hold for every test."""

import os

# before any test imports a library that reads them
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["WANDB_MODE"] = "offline"
# tiny models are as fast on one thread; several that wait for one another slow a busy machine down
os.environ.setdefault("OMP_NUM_THREADS", "1")

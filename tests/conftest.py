"""Settings that hold for every test."""

import os

# before any test imports a library that reads them
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["WANDB_MODE"] = "offline"
# tiny models are as fast on one thread, and on a busy machine threads that wait for one another take
# several times as long
os.environ.setdefault("OMP_NUM_THREADS", "1")

"""A captioner with a CNN encoder and an LSTM decoder (Xu et al. 2015)."""

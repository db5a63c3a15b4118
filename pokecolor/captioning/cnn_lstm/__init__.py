"""Captions by a CNN that looks and an LSTM that writes."""

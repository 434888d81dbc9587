"""Neural networks: weights as arrays, devices, memory."""

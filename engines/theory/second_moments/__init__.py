"""Mean and variance under every policy, exactly."""

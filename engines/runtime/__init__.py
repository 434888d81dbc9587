"""Long computations: progress, resumption within a step, replicates in parallel."""

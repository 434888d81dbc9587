"""Theory of kernel density estimates: p_0 convolved with kernels."""

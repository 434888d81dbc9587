"""Theory of Gaussian fits beyond second moments."""

"""The computations that questions share, each with its source."""

"""Writes the graph, a part of it or a projection for other tools. Each format has its own module."""

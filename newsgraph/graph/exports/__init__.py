"""The graph, a part of it or a projection, written for other tools: one module a format."""

"""The NetworkX store: the graph is an ``nx.MultiDiGraph``."""

"""A store's stories, and the edges around them, as arrays of numbers: what questions about a whole corpus are computed
from."""

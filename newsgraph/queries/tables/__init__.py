"""What questions about a whole corpus are computed from: one table a module, read from the rows of a question's text or
from a store's columns, which gives the same."""

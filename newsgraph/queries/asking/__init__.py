"""How a question is asked: its parameters and filters, the names that people use, and its query text."""

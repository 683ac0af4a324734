"""The questions that can be asked of a store, and how their answers are written."""

"""Turns a headline and an excerpt into terms, into vectors, and into the actors that they name."""

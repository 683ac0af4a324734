"""Threads: events that continue one another."""

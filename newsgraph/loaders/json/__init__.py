"""Shared by the JSON formats."""

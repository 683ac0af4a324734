"""Shared by all code that writes or prints: files that appear only when complete, safe text, times, tables."""

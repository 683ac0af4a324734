"""What everything that writes or prints shares: files that appear only when complete, safe text, times, tables."""

"""Article files to records to batches: one file a format."""

"""What the JSON formats share."""

"""Commands about whole stores: copied, compared, verified, backed up and restored."""

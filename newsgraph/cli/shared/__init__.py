"""What commands share: options, output, progress, provenance."""

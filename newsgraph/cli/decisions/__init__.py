"""The commands with which a researcher corrects events, copies and dates."""

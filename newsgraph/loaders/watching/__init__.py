"""Watching a folder: what a load brought that was not there before, told to people, programs and a webhook."""

"""Watches a folder and reports what each load brought that was not there before, to people, programs and a webhook."""

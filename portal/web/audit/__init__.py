"""What auditors see: the log of who looked and who did what."""

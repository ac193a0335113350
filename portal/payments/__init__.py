"""What citizens pay: the lines of a payment plan and their states."""

"""Work after a commit: one row a destination, claimed under a lease."""

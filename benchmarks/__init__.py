"""What a page and a whole application cost: CPU, statements, bytes, instructions. A measurement, not a test; docs/speed.md says more."""

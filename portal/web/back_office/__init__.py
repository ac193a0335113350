"""The case workers' pages."""

"""Stand-ins for systems outside, for the demo and the tests. The portal never imports from here."""

"""Flask lives here: sessions, access, pages of the citizen and of the back office."""

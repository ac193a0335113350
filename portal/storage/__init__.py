"""The database: engine, sessions, sealed column types, tables and their migrations."""

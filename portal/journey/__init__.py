"""The engine that turns a Service into pages, and keeps drafts."""

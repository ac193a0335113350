"""Applications become cases: events, answers of others, decisions, the queue."""

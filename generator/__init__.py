"""Makes songs. Knows nothing of users, databases or Django: it can be used from a plain script."""

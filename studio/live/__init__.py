"""How a song comes about and is watched: supervisor, relay, journal, and those who read along."""

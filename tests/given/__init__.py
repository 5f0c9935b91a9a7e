"""How well Duplet hears files it is given: sounds with known truth, heard by `generator.listening`, as one table."""

"""What the engine cannot make itself: the voice, the instruments, the dictionary. See README.md for their origin."""

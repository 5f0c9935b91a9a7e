"""What is made and kept: songs, their takes, their words, and who may see them."""

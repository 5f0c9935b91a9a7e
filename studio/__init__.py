"""The product: people make, watch, keep and share songs."""

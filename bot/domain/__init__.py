"""Nouns: frozen data, standard library only."""

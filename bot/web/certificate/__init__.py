"""Certificates: a person's own behind a link, and whether one of a code holds."""

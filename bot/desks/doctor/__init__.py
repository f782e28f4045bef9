"""Whether everything is in place: what is looked at, what was found, and where to read on."""

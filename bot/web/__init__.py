"""The small public web: a person's own page behind a signed link, and the overview as a calendar."""

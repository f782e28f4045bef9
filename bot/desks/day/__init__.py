"""The day itself: who is expected, who has come, and who says so."""

"""From plan to calendar: desired, diff, safety, preview, apply, in that order."""

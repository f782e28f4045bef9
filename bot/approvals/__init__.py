"""What of a plan waits for a person, and the plan in force meanwhile.

Pure functions on versions of courses and on the difference.
"""

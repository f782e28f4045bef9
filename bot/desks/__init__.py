"""What a caller may see and decide: the command line, the web and Teams are doors to the same desks."""

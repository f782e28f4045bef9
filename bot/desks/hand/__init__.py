"""HR's own hand on the seats of a course: asked for, looked ahead at, carried out, taken back."""

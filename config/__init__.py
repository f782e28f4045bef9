"""With what: settings, the example plan, deployment samples."""

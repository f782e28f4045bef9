"""The texts that people get: templates in Danish and English."""

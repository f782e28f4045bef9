"""Language: catalogues, dates and numbers in Danish and English."""

"""The books: SQLAlchemy on SQLite or PostgreSQL."""

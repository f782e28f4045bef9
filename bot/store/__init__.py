"""The database: what we applied, whom we know, what they answered.

SQLAlchemy 2 Core, SQLite or PostgreSQL.
"""

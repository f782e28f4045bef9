"""kursusbot: a course plan made to happen in Microsoft 365. Start with ARCHITECTURE.md."""

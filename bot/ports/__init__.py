"""What the stages need from the world, as protocols: Outlook, the directory, Teams, the books.

Adapters (`bot.graph`, `bot.store`) implement them; `bot.opening` puts them together. All instants
are aware and UTC. Every method may raise from the tree in `bot.domain.errors`; what each error means for a
write is told there (`GraphUnclear`: it may have happened).
"""

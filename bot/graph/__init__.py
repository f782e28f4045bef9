"""Microsoft Graph through msgraph-sdk; the only place that knows its JSON."""

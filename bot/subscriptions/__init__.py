"""Change notifications: what a batch of them means, and what becomes of the subscriptions they come from."""

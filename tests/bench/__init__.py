"""The benchmark: kursusbot against a straightforward msgraph-sdk loop, on the sandbox, as ratios."""

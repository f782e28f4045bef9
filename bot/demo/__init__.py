"""The demonstration.

A spring of the municipality's courses against the sandbox tenant, told as HR sees it.
"""

"""The handbook's content model: pages and registers in, text and problems out.

Nothing in this package imports MkDocs or touches the network, the clock or git.
"""

"""Whom this node trusts: entity statements, chains to an anchor, and trust marks (OpenID Federation 1.0).

What is said, and whether it holds: `statements` reads one, `chains` leads from an entity to a chosen anchor,
`directory` reads who is enrolled below it, `marks` reads what is attested, `mandate` makes a partner of a
chain and its marks, `reports` reads the mark of conformance, `faults` names why somebody is not trusted.

A look at the anchors: the job `refresh` makes it, `asking` bounds its time, `findings` is what it found, and
`renewal` looks at one partner in between. `entries` writes into the node's own log what was learnt.

The logs of those who vouch: `logs` reads on in one, `watch` in all of them, `followed` keeps what was read.

The node itself: `own` is what it says of itself and `routes` where, `repository` keeps its anchors and marks,
`showing` judges a mark before it is shown. `cli` and `cli_logs` are `mpex-server trust`.
"""

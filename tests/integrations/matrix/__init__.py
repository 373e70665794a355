"""The canary matrix: every channel, through every door, in every mode.

`channels` says what is planted and where, `modes` how the caller asks and how the model ends,
`rules` which combinations cannot exist and why, `cells` what follows from the three; `upstream` is
the worst model there is, the `*_doors` are the ways in, and `seen` reads every surface.
"""

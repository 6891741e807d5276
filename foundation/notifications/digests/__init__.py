"""One email instead of many for a colleague: gathered at the door, worded when it leaves.

`gathering` takes messages out of a batch that is about to leave and opens digests; `letters` writes their words;
`hours` and `policy` say when; `wishes` is what each colleague chooses on the profile page.
"""

"""How long people wait for our pages, as their own browsers tell it (clause 六.(一).4: mean response of the interface <= 3 s)."""

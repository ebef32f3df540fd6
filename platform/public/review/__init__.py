"""Review before publish: four angles, each signed by somebody who is not the author."""

"""Pages of retention: what is kept where and how long, holds, old months seen again, everything taken along."""
